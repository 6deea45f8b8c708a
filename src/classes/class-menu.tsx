import type { ClassInfo } from "../../workers/contract.ts";
import { addExamples, pasteExamples, pointAtExample } from "../actions/add-example.ts";
import { useAction, useIsAvailable, usePageState } from "../actions/app-context.tsx";
import { choosePictograms } from "../actions/choose-pictograms.ts";
import { removeClass } from "../actions/change-class.ts";
import { searchPhotos } from "../actions/search-photos.ts";
import { IconButton } from "../ui/button.tsx";
import { Menu, type MenuEntry } from "../ui/menu.tsx";

/** What is done to a class less often. */
export function ClassMenu({ entry }: { readonly entry: ClassInfo }) {
  const openDialog = usePageState((state) => state.openDialog);
  const canPoint = useIsAvailable(pointAtExample);
  const canShow = useIsAvailable(addExamples);
  const remove = useAction(removeClass);
  const show = useAction(addExamples);
  const point = useAction(pointAtExample);
  const paste = useAction(pasteExamples);
  const choose = useAction(choosePictograms);
  const search = useAction(searchPhotos);
  const canSearch = useIsAvailable(searchPhotos);
  const { id, name } = entry;

  const entries: readonly (MenuEntry & { readonly offered?: boolean })[] = [
    { id: "point", label: pointAtExample.label, icon: "example", offered: canPoint, onChoose: () => point(id) },
    { id: "show", label: addExamples.label, icon: "picture", offered: canShow, onChoose: () => show({ classId: id }) },
    {
      id: "pictograms",
      label: choosePictograms.label,
      icon: "search",
      onChoose: () => choose({ classId: id, text: name, subcategory: null }),
    },
    { id: "paste", label: pasteExamples.label, icon: "example", offered: canShow, onChoose: () => paste(id) },
    {
      id: "photos",
      label: searchPhotos.label,
      icon: "picture",
      offered: canSearch,
      onChoose: () => search({ classId: id, subcategory: null }),
    },
    { id: "rename", label: "Rename…", icon: "rename", onChoose: () => openDialog({ kind: "rename", classId: id }) },
    { id: "remove", label: removeClass.label, icon: "trash", danger: true, onChoose: () => remove(id) },
  ];
  return (
    <Menu label={`More for ${name}`} entries={entries.filter((choice) => choice.offered ?? true)}>
      <IconButton label={`More for ${name}`} icon="more" small />
    </Menu>
  );
}
