/** The files of a ZIP archive by name, as long as they are stored without compression. Throws on anything else. */
export function unzip(archive: Buffer): ReadonlyMap<string, Buffer> {
  const END = 0x06054b50;
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw new Error("The archive has no end record.");
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let entry = archive.readUInt16LE(end + 10); entry > 0; entry -= 1) {
    const method = archive.readUInt16LE(at + 10);
    if (method !== 0) throw new Error(`The archive uses compression method ${method}.`);
    const size = archive.readUInt32LE(at + 24);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => archive.readUInt16LE(at + place));
    const name = archive.toString("utf8", at + 46, at + 46 + (nameLength ?? 0));
    // The local header repeats the name, and has an extra field of its own.
    const local = archive.readUInt32LE(at + 42);
    const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    files.set(name, archive.subarray(from, from + size));
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return files;
}
