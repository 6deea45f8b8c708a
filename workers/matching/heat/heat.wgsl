// How like a class, a reference or another patch every patch of a picture is. One thread a patch: there are a few hundred
// patches and seldom more than twenty vectors, which all threads read together; nothing has to be shared or waited for.

override WORKGROUP: u32;

struct Parameters {
  patches: u32,
  dimensions: u32,
  vectors: u32,
  sumWeight: f32,
  maxWeight: f32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> patches: array<f32>;
@group(0) @binding(2) var<storage, read> vectors: array<f32>;
@group(0) @binding(3) var<storage, read_write> values: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn compare(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= parameters.patches) {
    return;
  }
  let row = thread.x * parameters.dimensions;
  var sum = 0.0;
  var most = -1e30;
  for (var vector = 0u; vector < parameters.vectors; vector += 1u) {
    let other = vector * parameters.dimensions;
    var product = 0.0;
    for (var d = 0u; d < parameters.dimensions; d += 1u) {
      product += patches[row + d] * vectors[other + d];
    }
    sum += product;
    most = max(most, product);
  }
  values[thread.x] = parameters.sumWeight * sum + parameters.maxWeight * most;
}
