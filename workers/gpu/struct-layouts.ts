import { WgslReflect } from "wgsl_reflect";
import type { ScalarLayout } from "./scalar-struct.ts";

/** A struct as a shader declares it. */
export interface ReflectedStruct {
  readonly layout: ScalarLayout;
  /** Byte offsets of the fields, in the order of the layout. */
  readonly offsets: readonly number[];
  /** Bytes. */
  readonly size: number;
}

/** The structs of a shader by name: what tests hold against the layouts in TypeScript. */
export function structLayouts(source: string): ReadonlyMap<string, ReflectedStruct> {
  const structs = new WgslReflect(source).structs.map(({ name, members, size }) => {
    const layout: Record<string, "u32" | "i32" | "f32"> = {};
    for (const member of members) {
      const type = member.type.name;
      if (type === "u32" || type === "i32" || type === "f32") layout[member.name] = type;
    }
    return [name, { layout, offsets: members.map(({ offset }) => offset), size }] as const;
  });
  return new Map(structs);
}
