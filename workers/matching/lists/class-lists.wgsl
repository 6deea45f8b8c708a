// l_c(c') = mean over the references r of c of s_c'(r), from the similarities of a run of references (whole classes,
// each compared with the others of its own class). One thread an entry. 0 where either class has no reference; the own
// entry of a class with a single reference is for the caller to write.

override TILE: u32;
override NO_SIMILARITY: f32;

struct Parameters {
  firstClass: u32,
  classCount: u32,
  classes: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> classOffsets: array<u32>;
@group(0) @binding(2) var<storage, read> similarity: array<f32>;
@group(0) @binding(3) var<storage, read_write> lists: array<f32>;

@compute @workgroup_size(TILE, TILE)
fn average(@builtin(global_invocation_id) thread: vec3u) {
  let other = thread.x;
  if (thread.y >= parameters.classCount || other >= parameters.classes) {
    return;
  }
  let classIndex = parameters.firstClass + thread.y;
  let firstRow = classOffsets[parameters.firstClass];
  let begin = classOffsets[classIndex];
  let end = classOffsets[classIndex + 1u];
  var sum = 0.0;
  var known = begin < end;
  for (var row = begin; row < end; row += 1u) {
    let value = similarity[(row - firstRow) * parameters.classes + other];
    known = known && value != NO_SIMILARITY;
    sum += value;
  }
  lists[classIndex * parameters.classes + other] = select(0.0, sum / f32(end - begin), known);
}
