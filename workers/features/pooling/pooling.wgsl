// Mean token of every mask: sum_p m_p t_p / sum_p m_p. One workgroup a mask; its threads share out the dimensions, so
// that neighbouring threads read neighbouring numbers of a token. A mask without coverage gives zeros.

override WORKGROUP: u32;

struct Parameters {
  masks: u32,
  dimensions: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> tokens: array<f32>;
@group(0) @binding(2) var<storage, read> offsets: array<u32>;
@group(0) @binding(3) var<storage, read> patches: array<u32>;
@group(0) @binding(4) var<storage, read> weights: array<f32>;
@group(0) @binding(5) var<storage, read_write> means: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn pool(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) thread: vec3u,
) {
  let mask = group.y * groups.x + group.x;
  if (mask >= parameters.masks) {
    return;
  }
  let begin = offsets[mask];
  let end = offsets[mask + 1u];
  for (var d = thread.x; d < parameters.dimensions; d += WORKGROUP) {
    var sum = 0.0;
    var total = 0.0;
    for (var entry = begin; entry < end; entry += 1u) {
      let weight = weights[entry];
      sum += weight * tokens[patches[entry] * parameters.dimensions + d];
      total += weight;
    }
    means[mask * parameters.dimensions + d] = select(0.0, sum / total, total > 0.0);
  }
}
