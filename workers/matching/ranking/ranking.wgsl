// The k classes with the highest s of every region, the divergence of the region's ranking of them from each one's
// own, and z = s - lambda * tau * D. One workgroup a region. The divergence is the sum over subsets that
// plackett-luce.ts derives; a set is a bit mask over the k slots. Utilities are shifted so that the first slot's is 0:
// a shift changes no choice, and small numbers keep more digits.

override WORKGROUP: u32;
override MOST_RANKED: u32;
override NO_SIMILARITY: f32;
override NO_REFERENCE: u32;
override NO_CLASS: u32;

struct Parameters {
  regions: u32,
  classes: u32,
  slots: u32,
  tau: f32,
  lambda: f32,
}

struct Candidate {
  index: u32,
  nearest: u32,
  similarity: f32,
  divergence: f32,
  score: f32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> similarity: array<f32>;
@group(0) @binding(2) var<storage, read> nearest: array<u32>;
@group(0) @binding(3) var<storage, read> lists: array<f32>;
@group(0) @binding(4) var<storage, read_write> candidates: array<Candidate>;

var<workgroup> bestValue: array<f32, WORKGROUP>;
var<workgroup> bestClass: array<u32, WORKGROUP>;
var<workgroup> chosenClass: array<u32, MOST_RANKED>;
var<workgroup> chosenValue: array<f32, MOST_RANKED>;
var<workgroup> filled: u32;
// a_i / tau of the region; row c holds those of candidate c's own list.
var<workgroup> utilities: array<f32, MOST_RANKED>;
var<workgroup> expected: array<f32, MOST_RANKED * MOST_RANKED>;
// Of every set: log sum e^a, and the chance that it is the set left at some point.
var<workgroup> logSums: array<f32, 1u << MOST_RANKED>;
var<workgroup> reach: array<f32, 1u << MOST_RANKED>;
var<workgroup> partials: array<f32, WORKGROUP>;

// Whether (value, class) comes after the one chosen before it: lower, or equal and of a later class. Nothing comes
// after a slot that stayed empty.
fn comesAfter(value: f32, classIndex: u32, slot: u32) -> bool {
  if (value == NO_SIMILARITY || slot > filled) {
    return false;
  }
  if (slot == 0u) {
    return true;
  }
  let before = chosenValue[slot - 1u];
  return value < before || (value == before && classIndex > chosenClass[slot - 1u]);
}

// Fills one slot with the highest that comes after the slot before it, by a tournament among the threads.
fn choose(region: u32, slot: u32, thread: u32) {
  var value = NO_SIMILARITY;
  var classIndex = NO_CLASS;
  for (var c = thread; c < parameters.classes; c += WORKGROUP) {
    let candidate = similarity[region * parameters.classes + c];
    if (candidate > value && comesAfter(candidate, c, slot)) {
      value = candidate;
      classIndex = c;
    }
  }
  bestValue[thread] = value;
  bestClass[thread] = classIndex;
  for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      let other = bestValue[thread + half];
      let otherClass = bestClass[thread + half];
      if (other > bestValue[thread] || (other == bestValue[thread] && otherClass < bestClass[thread])) {
        bestValue[thread] = other;
        bestClass[thread] = otherClass;
      }
    }
  }
  if (thread == 0u && bestClass[0] != NO_CLASS) {
    chosenClass[slot] = bestClass[0];
    chosenValue[slot] = bestValue[0];
    filled = slot + 1u;
  }
  workgroupBarrier();
}

fn logSumOfRegion(subset: u32, count: u32) -> f32 {
  // Slots descend in s, so the first of a set is its highest.
  let highest = utilities[firstTrailingBit(subset)];
  var sum = 0.0;
  for (var i = 0u; i < count; i += 1u) {
    if ((subset & (1u << i)) != 0u) {
      sum += exp(utilities[i] - highest);
    }
  }
  return highest + log(sum);
}

fn logSumOfCandidate(subset: u32, count: u32, row: u32) -> f32 {
  var highest = expected[row + firstTrailingBit(subset)];
  for (var i = 0u; i < count; i += 1u) {
    if ((subset & (1u << i)) != 0u) {
      highest = max(highest, expected[row + i]);
    }
  }
  var sum = 0.0;
  for (var i = 0u; i < count; i += 1u) {
    if ((subset & (1u << i)) != 0u) {
      sum += exp(expected[row + i] - highest);
    }
  }
  return highest + log(sum);
}

// P(A) = sum over j not in A of P(A + j) p(j | A + j).
fn reachOf(subset: u32, count: u32) -> f32 {
  var chance = 0.0;
  for (var j = 0u; j < count; j += 1u) {
    if ((subset & (1u << j)) == 0u) {
      let before = subset | (1u << j);
      chance += reach[before] * exp(utilities[j] - logSums[before]);
    }
  }
  return chance;
}

// sum over i in A of p(i|A) log(p(i|A) / p_c(i|A)).
fn choiceDivergence(subset: u32, count: u32, row: u32) -> f32 {
  let logSum = logSums[subset];
  var term = logSumOfCandidate(subset, count, row) - logSum;
  for (var i = 0u; i < count; i += 1u) {
    if ((subset & (1u << i)) != 0u) {
      term += exp(utilities[i] - logSum) * (utilities[i] - expected[row + i]);
    }
  }
  return max(0.0, term);
}

@compute @workgroup_size(WORKGROUP)
fn rank(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let region = group.y * groups.x + group.x;
  if (region >= parameters.regions) {
    return;
  }
  for (var slot = 0u; slot < parameters.slots; slot += 1u) {
    choose(region, slot, thread);
  }
  let count = workgroupUniformLoad(&filled);
  let sets = 1u << count;

  if (thread < count) {
    utilities[thread] = (chosenValue[thread] - chosenValue[0]) / parameters.tau;
  }
  for (var at = thread; at < count * MOST_RANKED; at += WORKGROUP) {
    let row = chosenClass[at / MOST_RANKED] * parameters.classes;
    let slot = at % MOST_RANKED;
    if (slot < count) {
      expected[at] = (lists[row + chosenClass[slot]] - lists[row + chosenClass[0]]) / parameters.tau;
    }
  }
  workgroupBarrier();

  for (var subset = thread; subset < sets; subset += WORKGROUP) {
    if (subset != 0u) {
      logSums[subset] = logSumOfRegion(subset, count);
    }
    reach[subset] = select(0.0, 1.0, subset == sets - 1u);
  }
  for (var size = count; size > 1u; size -= 1u) {
    workgroupBarrier();
    for (var subset = thread; subset < sets; subset += WORKGROUP) {
      if (countOneBits(subset) == size - 1u) {
        reach[subset] = reachOf(subset, count);
      }
    }
  }
  workgroupBarrier();

  // Thread t works for candidate t % MOST_RANKED on every (WORKGROUP / MOST_RANKED)-th set.
  let slot = thread % MOST_RANKED;
  var partial = 0.0;
  if (slot < count) {
    for (var subset = 1u + thread / MOST_RANKED; subset < sets; subset += WORKGROUP / MOST_RANKED) {
      partial += reach[subset] * choiceDivergence(subset, count, slot * MOST_RANKED);
    }
  }
  partials[thread] = partial;
  workgroupBarrier();

  if (thread < parameters.slots) {
    var candidate = Candidate(NO_CLASS, NO_REFERENCE, 0.0, 0.0, 0.0);
    if (thread < count) {
      candidate.index = chosenClass[thread];
      candidate.nearest = nearest[region * parameters.classes + candidate.index];
      candidate.similarity = chosenValue[thread];
      for (var at = thread; at < WORKGROUP; at += MOST_RANKED) {
        candidate.divergence += partials[at];
      }
      candidate.score = candidate.similarity - parameters.lambda * parameters.tau * candidate.divergence;
    }
    candidates[region * parameters.slots + thread] = candidate;
  }
}
