import { useAction, usePageState } from "./actions/app-context.tsx";
import { toggleOverlay } from "./actions/change-overlay.ts";
import { showPalette, showSettings, showShortcuts } from "./actions/show-dialog.ts";
import { currentPicture } from "./store/images.ts";
import { Button, IconButton } from "./ui/button.tsx";
import { printedKeys } from "./ui/shortcuts.ts";

const keysOf = ({ shortcut }: { readonly shortcut: string | null }): string | undefined =>
  shortcut === null ? undefined : printedKeys(shortcut);

function ViewTools() {
  const bare = usePageState((state) => state.bare);
  const toggle = useAction(toggleOverlay);
  return (
    <div className="top-tools view-tools" role="toolbar" aria-label="View">
      <IconButton
        label={bare ? "Show the colours" : "Hide the colours"}
        icon={bare ? "eyeOff" : "eye"}
        keys={keysOf(toggleOverlay)}
        active={bare}
        onPress={() => toggle(undefined)}
      />
    </div>
  );
}

/** Name of the app, name of the picture, and the few things that concern the whole. */
export function TopBar({ onAdd }: { readonly onAdd: () => void }) {
  const picture = usePageState(currentPicture);
  const openPalette = useAction(showPalette);
  const openSettings = useAction(showSettings);
  const openHelp = useAction(showShortcuts);
  const { info } = picture ?? { info: null };

  return (
    <header className="top-bar">
      <span className="wordmark">Lookalike</span>
      {picture && (
        <span className="picture-name muted ellipsis" title={picture.source.name}>
          <bdi>{picture.source.name}</bdi>
          {info && ` · ${info.originalWidth} × ${info.originalHeight}`}
        </span>
      )}
      <span className="top-space" />
      {picture && <ViewTools />}
      <div className="top-tools">
        <IconButton
          label={showPalette.label}
          icon="search"
          keys={keysOf(showPalette)}
          onPress={() => openPalette(undefined)}
        />
        <IconButton
          label={showShortcuts.label}
          icon="info"
          keys={keysOf(showShortcuts)}
          onPress={() => openHelp(undefined)}
        />
        <IconButton
          label={showSettings.label}
          icon="settings"
          keys={keysOf(showSettings)}
          onPress={() => openSettings(undefined)}
        />
      </div>
      {picture && (
        <Button icon="add" onPress={onAdd}>
          Add
        </Button>
      )}
    </header>
  );
}
