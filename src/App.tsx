import { useCallback, useEffect, type ReactNode } from "react";
import { commands } from "./actions/all-actions.ts";
import { ADVICE, type ClassId } from "../workers/contract.ts";
import type { App as ActionApp } from "./actions/action.ts";
import { addExamples, pictureAsExample } from "./actions/add-example.ts";
import { importFolder } from "./actions/import-folder.ts";
import { addPictures } from "./actions/add-pictures.ts";
import { useApp, usePageState } from "./actions/app-context.tsx";
import { looksLikePicture } from "./actions/picture-files.ts";
import { ClassesPanel } from "./classes/classes-panel.tsx";
import { Dialogs } from "./Dialogs.tsx";
import { StatusLine } from "./models/status-line.tsx";
import { Stage } from "./Stage.tsx";
import type { PanelTab } from "./store/view.ts";
import { TopBar } from "./TopBar.tsx";
import { dropPlaceOf } from "./ui/drop-places.ts";
import { useFileDrop } from "./ui/file-drop.ts";
import { usePictureDrop } from "./ui/item-drop.ts";
import { fetchLateParts, late, LatePart, LatePartFailed } from "./ui/late-part.tsx";
import { Notices } from "./ui/notices.tsx";
import { useShortcuts } from "./ui/shortcuts.ts";
import { PanelTabs } from "./ui/tabs.tsx";
import { useMediaQuery } from "./ui/use-media-query.ts";

/** Below this the panels become tabs under the canvas. Also in App.css. */
const NARROW = "(max-width: 719px)";

const GalleryPart = late(async () => (await import("./gallery/gallery.tsx")).Gallery);
const InspectorPanel = late(async () => (await import("./inspector/inspector-panel.tsx")).InspectorPanel);

const Gallery = () => (
  <LatePart>
    <GalleryPart />
  </LatePart>
);
const Inspector = () => (
  <LatePart>
    <InspectorPanel />
  </LatePart>
);

/** The class of a drop place; null for "new", and for one that is gone. */
const classAt = ({ store }: ActionApp, place: string): ClassId | null =>
  store.getState().bank.classes.find((entry) => entry.id === place)?.id ?? null;

/** A picture of the gallery dropped on a class is to become an example of it. */
function usePictureDrops(): void {
  const app = useApp();
  usePictureDrop((id, target) => {
    const picture = app.store.getState().pictures.find(({ source }) => source.id === id);
    const place = dropPlaceOf(target);
    if (picture && place !== null) pictureAsExample.run(app, { source: picture.source, classId: classAt(app, place) });
  });
}

/**
 * Files dropped on a class are examples of it; anywhere else they are pictures to segment. Folders where new classes begin,
 * and annotations wherever they come, are a data set.
 */
function useDrops(): boolean {
  const app = useApp();
  return useFileDrop((dropped, target) => {
    const place = dropPlaceOf(target);
    const isDataset =
      (place === "new" && dropped.some(({ path }) => path.includes("/"))) ||
      (dropped.length > 1 && dropped.some(({ path }) => path.endsWith(".json")));
    if (isDataset) {
      void importFolder.run(
        app,
        dropped.map(({ path, file }) => ({ path, blob: file })),
      );
      return;
    }
    // A file that was named is always tried; in a folder only what looks like a picture.
    const files = dropped.flatMap(({ path, file }) => (!path.includes("/") || looksLikePicture(file) ? [file] : []));
    if (files.length === 0) return;
    if (place === null) void addPictures.run(app, files);
    else void addExamples.run(app, { classId: classAt(app, place), files });
  });
}

function useCommandShortcuts(): void {
  const app = useApp();
  useShortcuts(
    commands.flatMap((command) =>
      command.shortcut === null
        ? []
        : {
            keys: command.shortcut,
            run: () => {
              if (!command.isAvailable(app)) return false;
              void command.run(app, undefined);
              return true;
            },
          },
    ),
  );
}

/** What few need at once is fetched when the page is idle. @returns what to call when a part could not be fetched */
function useLateParts(): () => void {
  const { store } = useApp();
  useEffect(() => {
    void fetchLateParts();
  }, []);
  return useCallback(() => {
    const message = "A part of the page could not be fetched.";
    store.getState().notify({ kind: "error", message, advice: ADVICE["app-file-missing"] });
  }, [store]);
}

function Messages() {
  const notices = usePageState((state) => state.notices);
  const dismiss = usePageState((state) => state.dismiss);
  return <Notices notices={notices} onDismiss={dismiss} />;
}

/** The whole page: pictures, canvas, classes and inspector, one status line. */
export function App() {
  const narrow = useMediaQuery(NARROW);
  const tab = usePageState((state) => state.tab);
  const setView = usePageState((state) => state.setView);
  const theme = usePageState((state) => state.theme);
  const isEmpty = usePageState((state) => state.pictures.length === 0);
  const dragging = useDrops();
  usePictureDrops();
  useCommandShortcuts();
  const latePartFailed = useLateParts();

  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
  }, [theme]);

  const tabs: readonly { id: PanelTab; label: string; content: ReactNode }[] = [
    ...(narrow ? [{ id: "pictures" as const, label: "Pictures", content: <Gallery /> }] : []),
    { id: "classes", label: "Classes", content: <ClassesPanel /> },
    { id: "inspector", label: "Inspector", content: <Inspector /> },
  ];
  const chosen = tabs.some((entry) => entry.id === tab) ? tab : "classes";

  return (
    <LatePartFailed value={latePartFailed}>
      <div className={isEmpty ? "app empty" : "app"} data-dragging={dragging || undefined}>
        <TopBar />
        {!narrow && !isEmpty && (
          <div className="area-gallery">
            <Gallery />
          </div>
        )}
        <main className="area-stage">
          <Stage />
        </main>
        <aside className="area-panel" aria-label="Classes and inspector">
          <PanelTabs
            label="Panels"
            tabs={tabs}
            selected={chosen}
            onSelect={(id) => setView({ tab: id })}
            atBottom={narrow}
          />
        </aside>
        <StatusLine />
        <Messages />
        <Dialogs />
      </div>
    </LatePartFailed>
  );
}
