import {
  Component,
  type ComponentType,
  createContext,
  createElement,
  lazy,
  type ReactNode,
  Suspense,
  useState,
} from "react";

/** Told when a part of the app could not be fetched: the app may be offline. */
export const LatePartFailed = createContext<() => void>(() => undefined);

interface LatePartProps {
  /** Told as well. */
  readonly onFailed?: () => void;
  /** Takes the part's place until it is there, and stays where it cannot be fetched. */
  readonly fallback?: ReactNode;
  readonly children: ReactNode;
}

/** Around a part of the app that is fetched when it is first shown. Where that fails, the rest of the page stays. */
export class LatePart extends Component<LatePartProps, { readonly failed: boolean }> {
  static override readonly contextType = LatePartFailed;
  declare readonly context: () => void;
  override readonly state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(): void {
    this.context();
    this.props.onFailed?.();
  }

  override render(): ReactNode {
    const { fallback = null, children } = this.props;
    return this.state.failed ? fallback : <Suspense fallback={fallback}>{children}</Suspense>;
  }
}

/** How to fetch each late part that was not yet asked for. */
const waiting = new Set<() => Promise<unknown>>();

/**
 * A component that is fetched when it is first shown, or before by fetchLateParts. Put it inside a LatePart. Once its code
 * is there, it renders at once: no fallback flashes by.
 */
export function late<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let ready: ComponentType<Props> | null = null;
  const fetchPart = async (): Promise<{ default: ComponentType<Props> }> => {
    waiting.delete(fetchPart);
    ready = await load();
    return { default: ready };
  };
  const Later = lazy(fetchPart);
  waiting.add(fetchPart);
  return function Late(props: Props) {
    // Kept for the life of the element: another type of component would lose the part's state.
    const [Part] = useState<ComponentType<Props>>(() => ready ?? Later);
    return createElement(Part, props);
  };
}

/** When the page has nothing else to do. Safari has no such callback: then a little later. */
const idle = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve());
    else setTimeout(resolve, 200);
  });

/** Fetches every late part, one after another whenever the page is idle, so that none keeps anybody waiting. */
export async function fetchLateParts(): Promise<void> {
  for (const fetchPart of waiting) {
    await idle();
    // Offline: it is tried again when the part is shown, and said then.
    await fetchPart().catch(() => undefined);
  }
}
