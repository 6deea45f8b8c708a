import { Component, type ReactNode, Suspense } from "react";

interface LatePartProps {
  /** Told when the part could not be fetched: the app may be offline. */
  readonly onFailed: () => void;
  readonly children: ReactNode;
}

/** Around a part of the app that is fetched when it is first shown. Where that fails, the rest of the page stays. */
export class LatePart extends Component<LatePartProps, { readonly failed: boolean }> {
  override readonly state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(): void {
    this.props.onFailed();
  }

  override render(): ReactNode {
    return this.state.failed ? null : <Suspense>{this.props.children}</Suspense>;
  }
}
