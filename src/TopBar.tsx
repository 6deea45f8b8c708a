import { useAction, useApp, useIsAvailable, usePageState } from "./actions/app-context.tsx";
import { toggleOverlay } from "./actions/change-overlay.ts";
import { toggleHeat } from "./actions/heat-map.ts";
import { saveAllMasks, saveMask, saveMaskPicture } from "./actions/save-mask.ts";
import { showPalette, showSettings, showShortcuts } from "./actions/show-dialog.ts";
import { zoomIn, zoomOut, zoomToFit } from "./actions/zoom.ts";
import { currentPicture } from "./store/images.ts";
import { Button, IconButton } from "./ui/button.tsx";
import { Menu } from "./ui/menu.tsx";
import { printedKeys } from "./ui/shortcuts.ts";

const keysOf = ({ shortcut }: { readonly shortcut: string | null }): string | undefined =>
  shortcut === null ? undefined : printedKeys(shortcut);

function ViewTools() {
  const bare = usePageState((state) => state.bare);
  const heat = usePageState((state) => state.heat !== null);
  const toggle = useAction(toggleOverlay);
  const warm = useAction(toggleHeat);
  const fit = useAction(zoomToFit);
  const nearer = useAction(zoomIn);
  const farther = useAction(zoomOut);
  return (
    <div className="top-tools view-tools" role="toolbar" aria-label="View">
      <IconButton
        label={bare ? "Show the colours" : "Hide the colours"}
        icon={bare ? "eyeOff" : "eye"}
        keys={keysOf(toggleOverlay)}
        active={bare}
        onPress={() => toggle(undefined)}
      />
      <IconButton
        label={heat ? "Hide the heat map" : "Show a heat map"}
        icon="heat"
        keys={keysOf(toggleHeat)}
        active={heat}
        onPress={() => warm(undefined)}
      />
      <span className="only-wide">
        <IconButton label={zoomOut.label} icon="zoomOut" keys={keysOf(zoomOut)} onPress={() => farther(undefined)} />
        <IconButton label={zoomIn.label} icon="zoomIn" keys={keysOf(zoomIn)} onPress={() => nearer(undefined)} />
      </span>
      <IconButton label={zoomToFit.label} icon="fit" keys={keysOf(zoomToFit)} onPress={() => fit(undefined)} />
    </div>
  );
}

const SAVINGS = [saveMask, saveMaskPicture, saveAllMasks];

function SaveMenu() {
  const app = useApp();
  const canSave = useIsAvailable(saveMask);
  const several = useIsAvailable(saveAllMasks);
  const choices = SAVINGS.filter((action) => action !== saveAllMasks || several);
  return (
    <Menu
      label="Save"
      entries={choices.map((action) => ({
        id: action.id,
        label: action.label,
        icon: "download",
        onChoose: () => void action.run(app, undefined),
      }))}
    >
      <Button look="primary" icon="download" isDisabled={!canSave} aria-label="Save">
        <span className="only-wide">Save</span>
      </Button>
    </Menu>
  );
}

/** Name of the app, name of the picture, and the few things that concern the whole. */
export function TopBar() {
  const picture = usePageState(currentPicture);
  const openPalette = useAction(showPalette);
  const openSettings = useAction(showSettings);
  const openHelp = useAction(showShortcuts);
  const { info } = picture ?? { info: null };

  return (
    <header className="top-bar">
      {picture ? <h1 className="wordmark">Lookalike</h1> : <span className="wordmark">Lookalike</span>}
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
        <span className="only-wide">
          <IconButton
            label={showShortcuts.label}
            icon="help"
            keys={keysOf(showShortcuts)}
            onPress={() => openHelp(undefined)}
          />
        </span>
        <IconButton
          label={showSettings.label}
          icon="settings"
          keys={keysOf(showSettings)}
          onPress={() => openSettings(undefined)}
        />
      </div>
      {picture && <SaveMenu />}
    </header>
  );
}
