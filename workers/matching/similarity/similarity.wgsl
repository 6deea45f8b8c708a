// s of every class for every region, and the nearest reference:
//   s_c(x) = 1/2 <x, p_c> + 1/2 max_i <x, r_ci>.
// The prototype p_c is the normalised sum of the class's references, so <x, p_c> is the sum of the products over the
// length of that sum.
//
// One workgroup compares REGIONS regions with one group of neighbouring classes: either classes that have at most
// REFERENCES references together, or one larger class, whose references it walks REFERENCES at a time. A thread
// multiplies four regions with four references, so that every vector fetched from workgroup memory is used four times.
// Products stay in workgroup memory and are folded there by all threads: LANES threads a region, which share out the
// classes of the group, or the references of the one large class.
//
// For the lists of classes the regions are the references themselves; then `leaveOneOut` is 1 and each is compared
// with the others of its own class only.

override REGIONS: u32;
override REFERENCES: u32;
// Vectors of every row that are fetched at once.
override DEPTH: u32;
override NO_SIMILARITY: f32;
override NO_REFERENCE: u32;
override SHORTEST_SUM: f32;

// A thread's regions are QUARTER apart, its references likewise.
override REGION_QUARTER: u32 = REGIONS / 4u;
override REFERENCE_QUARTER: u32 = REFERENCES / 4u;
override THREADS: u32 = REGION_QUARTER * REFERENCE_QUARTER;
override LANES: u32 = THREADS / REGIONS;

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

// By turns: parts of rows (regions, then references, by column: neighbouring threads read neighbouring rows); products
// (by reference, the fours of a thread's regions together); what the lanes know of a large class.
var<workgroup> scratch: array<vec4f, (REGIONS + REFERENCES) * DEPTH>;
var<workgroup> laneNearest: array<u32, THREADS>;

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

// Fetches a part of the rows of both sides; what lies outside is zero.
fn fetch(thread: u32, firstRegion: u32, chunk: u32, end: u32, first: u32) {
  for (var at = thread; at < (REGIONS + REFERENCES) * DEPTH; at += THREADS) {
    let row = at / DEPTH;
    let column = first + at % DEPTH;
    var part = vec4f();
    if (column < parameters.vectors) {
      if (row < REGIONS) {
        if (firstRegion + row < parameters.regions) {
          part = regions[(parameters.firstRow + firstRegion + row) * parameters.vectors + column];
        }
      } else if (chunk + row - REGIONS < end) {
        part = references[(chunk + row - REGIONS) * parameters.vectors + column];
      }
    }
    scratch[(at % DEPTH) * (REGIONS + REFERENCES) + row] = part;
  }
}

// Products of four regions with one reference.
fn products(a0: vec4f, a1: vec4f, a2: vec4f, a3: vec4f, b: vec4f) -> vec4f {
  return vec4f(dot(a0, b), dot(a1, b), dot(a2, b), dot(a3, b));
}

fn productAt(region: u32, reference: u32) -> f32 {
  return scratch[reference * REGION_QUARTER + region % REGION_QUARTER][region / REGION_QUARTER];
}

fn include(fold: ptr<function, Fold>, row: u32, region: u32, value: f32) {
  (*fold).sum += value;
  if (parameters.leaveOneOut == 1u && row == parameters.firstRow + region) {
    (*fold).own = value;
    (*fold).isOwn = true;
  } else if (value > (*fold).highest) {
    (*fold).highest = value;
    (*fold).nearest = row;
  }
}

@compute @workgroup_size(THREADS)
fn compare(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let firstRegion = group.x * REGIONS;
  let firstClass = groups[group.y];
  let lastClass = groups[group.y + 1u];
  let begin = classOffsets[firstClass];
  let end = classOffsets[lastClass];
  let isLarge = end - begin > REFERENCES;

  let regionAt = thread % REGION_QUARTER;
  let referenceAt = thread / REGION_QUARTER;
  let row = thread % REGIONS;
  let lane = thread / REGIONS;
  let region = firstRegion + row;
  var fold = emptyFold();

  for (var chunk = begin; chunk < end; chunk += REFERENCES) {
    var sum0 = vec4f();
    var sum1 = vec4f();
    var sum2 = vec4f();
    var sum3 = vec4f();
    for (var first = 0u; first < parameters.vectors; first += DEPTH) {
      fetch(thread, firstRegion, chunk, end, first);
      workgroupBarrier();
      for (var k = 0u; k < DEPTH; k += 1u) {
        let column = k * (REGIONS + REFERENCES);
        let a0 = scratch[column + regionAt];
        let a1 = scratch[column + regionAt + REGION_QUARTER];
        let a2 = scratch[column + regionAt + 2u * REGION_QUARTER];
        let a3 = scratch[column + regionAt + 3u * REGION_QUARTER];
        let b = column + REGIONS + referenceAt;
        sum0 += products(a0, a1, a2, a3, scratch[b]);
        sum1 += products(a0, a1, a2, a3, scratch[b + REFERENCE_QUARTER]);
        sum2 += products(a0, a1, a2, a3, scratch[b + 2u * REFERENCE_QUARTER]);
        sum3 += products(a0, a1, a2, a3, scratch[b + 3u * REFERENCE_QUARTER]);
      }
      workgroupBarrier();
    }
    scratch[referenceAt * REGION_QUARTER + regionAt] = sum0;
    scratch[(referenceAt + REFERENCE_QUARTER) * REGION_QUARTER + regionAt] = sum1;
    scratch[(referenceAt + 2u * REFERENCE_QUARTER) * REGION_QUARTER + regionAt] = sum2;
    scratch[(referenceAt + 3u * REFERENCE_QUARTER) * REGION_QUARTER + regionAt] = sum3;
    workgroupBarrier();
    if (isLarge) {
      for (var at = lane; at < min(REFERENCES, end - chunk); at += LANES) {
        include(&fold, chunk + at, region, productAt(row, at));
      }
      workgroupBarrier();
    }
  }

  if (!isLarge) {
    if (region < parameters.regions) {
      for (var classIndex = firstClass + lane; classIndex < lastClass; classIndex += LANES) {
        fold = emptyFold();
        for (var at = classOffsets[classIndex]; at < classOffsets[classIndex + 1u]; at += 1u) {
          include(&fold, at, region, productAt(row, at - begin));
        }
        store(region, classIndex, fold);
      }
    }
    return;
  }

  scratch[thread] = vec4f(fold.sum, fold.highest, fold.own, select(0.0, 1.0, fold.isOwn));
  laneNearest[thread] = fold.nearest;
  workgroupBarrier();
  if (lane == 0u && region < parameters.regions) {
    for (var other = row + REGIONS; other < THREADS; other += REGIONS) {
      let part = scratch[other];
      fold.sum += part.x;
      fold.own += part.z;
      fold.isOwn = fold.isOwn || part.w == 1.0;
      // Of equally near references the first counts.
      if (part.y > fold.highest || (part.y == fold.highest && laneNearest[other] < fold.nearest)) {
        fold.highest = part.y;
        fold.nearest = laneNearest[other];
      }
    }
    store(region, firstClass, fold);
  }
}
