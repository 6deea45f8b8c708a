// s of every class for every region, and the nearest reference:
//   s_c(x) = 1/2 <x, p_c> + 1/2 max_i <x, r_ci>.
// The prototype p_c is the normalised sum of the class's references, so <x, p_c> is the sum of the products over the
// length of that sum. One workgroup compares a tile of regions with one group of neighbouring classes: it walks their
// references a tile at a time, products stay in workgroup memory, and one thread a region folds them into classes.
//
// For the lists of classes the regions are the references themselves; then `leaveOneOut` is 1 and each is compared
// with the others of its own class only.

override TILE: u32;
override NO_SIMILARITY: f32;
override NO_REFERENCE: u32;
override SHORTEST_SUM: f32;

struct Parameters {
  regions: u32,
  // Number of the first region among the references; of use with leaveOneOut only.
  firstRow: u32,
  leaveOneOut: u32,
  classes: u32,
  // Numbers of a row, in fours; rows are padded with zeros.
  vectors: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> regions: array<vec4f>;
@group(0) @binding(2) var<storage, read> references: array<vec4f>;
@group(0) @binding(3) var<storage, read> classOffsets: array<u32>;
@group(0) @binding(4) var<storage, read> groups: array<u32>;
@group(0) @binding(5) var<storage, read> sumLengths: array<f32>;
@group(0) @binding(6) var<storage, read_write> similarity: array<f32>;
@group(0) @binding(7) var<storage, read_write> nearest: array<u32>;

var<workgroup> regionTile: array<vec4f, TILE * TILE>;
// Turned, so that neighbouring threads read neighbouring entries; products likewise.
var<workgroup> referenceTile: array<vec4f, TILE * TILE>;
var<workgroup> products: array<f32, TILE * TILE>;

// What is known so far of one class for one region.
struct Fold {
  sum: f32,
  highest: f32,
  nearest: u32,
  // Product with itself, where the region is a reference of this class and is left out.
  own: f32,
  isOwn: bool,
}

fn emptyFold() -> Fold {
  return Fold(0.0, NO_SIMILARITY, NO_REFERENCE, 0.0, false);
}

fn store(region: u32, classIndex: u32, fold: Fold) {
  let at = region * parameters.classes + classIndex;
  nearest[at] = fold.nearest;
  if (fold.nearest == NO_REFERENCE) {
    similarity[at] = NO_SIMILARITY;
    return;
  }
  var sum = fold.sum;
  var length = sumLengths[classIndex];
  if (fold.isOwn) {
    // The sum of the others is S - r: its product with r is <S, r> - <r, r>, its squared length as below.
    length = sqrt(max(0.0, length * length - 2.0 * sum + fold.own));
    sum -= fold.own;
  }
  var prototype = 0.0;
  if (length > SHORTEST_SUM) {
    prototype = sum / length;
  }
  similarity[at] = 0.5 * prototype + 0.5 * fold.highest;
}

@compute @workgroup_size(TILE, TILE)
fn compare(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let firstRegion = group.x * TILE;
  let firstClass = groups[group.y];
  let lastClass = groups[group.y + 1u];
  let begin = classOffsets[firstClass];
  let end = classOffsets[lastClass];

  // The thread (r, 0) folds for region firstRegion + r.
  let folds = thread.y == 0u && firstRegion + thread.x < parameters.regions;
  let region = firstRegion + thread.x;
  var classIndex = firstClass;
  var fold = emptyFold();

  for (var chunk = begin; chunk < end; chunk += TILE) {
    var product = 0.0;
    for (var first = 0u; first < parameters.vectors; first += TILE) {
      let column = first + thread.x;
      let row = firstRegion + thread.y;
      let reference = chunk + thread.y;
      var regionPart = vec4f();
      var referencePart = vec4f();
      if (column < parameters.vectors && row < parameters.regions) {
        regionPart = regions[(parameters.firstRow + row) * parameters.vectors + column];
      }
      if (column < parameters.vectors && reference < end) {
        referencePart = references[reference * parameters.vectors + column];
      }
      regionTile[thread.y * TILE + thread.x] = regionPart;
      referenceTile[thread.x * TILE + thread.y] = referencePart;
      workgroupBarrier();
      for (var k = 0u; k < TILE; k += 1u) {
        product += dot(regionTile[thread.y * TILE + k], referenceTile[k * TILE + thread.x]);
      }
      workgroupBarrier();
    }
    products[thread.x * TILE + thread.y] = product;
    workgroupBarrier();
    if (folds) {
      for (var row = chunk; row < min(chunk + TILE, end); row += 1u) {
        while (row >= classOffsets[classIndex + 1u]) {
          store(region, classIndex, fold);
          classIndex += 1u;
          fold = emptyFold();
        }
        let value = products[(row - chunk) * TILE + thread.x];
        fold.sum += value;
        if (parameters.leaveOneOut == 1u && row == parameters.firstRow + region) {
          fold.own = value;
          fold.isOwn = true;
        } else if (value > fold.highest) {
          fold.highest = value;
          fold.nearest = row;
        }
      }
    }
    // The next chunk's first barriers keep its products from overtaking this fold.
  }
  if (folds) {
    for (; classIndex < lastClass; classIndex += 1u) {
      store(region, classIndex, fold);
      fold = emptyFold();
    }
  }
}
