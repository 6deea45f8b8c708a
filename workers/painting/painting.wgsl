// One pass: picture, class colours, seams, outlines, hovered and selected region. The 2D painter draws the same in the
// same order; look.ts says what the numbers mean.

override CRISP_SCALE: f32;
override TINT_DARK: f32;
override TINT_LIGHT: f32;
override REST_GREY: f32;
override REST_DARK: f32;
override LINE_LIGHT: f32;
override LINE_STRENGTH: f32;
override SEAM_STRENGTH: f32;
override HOVER_FILL: f32;
override HOVER_LINE_EXTRA: f32;
override HOVER_LINE_STRENGTH: f32;
override HOVER_GLOW_WIDTH: f32;
override HOVER_GLOW_STRENGTH: f32;
override HEAT_STRENGTH: f32;
override SELECTED_LINE_EXTRA: f32;
override SELECTED_HALO_WIDTH: f32;
override SELECTED_HALO_STRENGTH: f32;

struct Scene {
  background: vec3f,
  opacity: f32,
  offset: vec2f,
  size: vec2f,
  scale: f32,
  outline_width: f32,
  // Values of the region map; 0 for none.
  hovered: u32,
  selected: u32,
  bare: u32,
  // 0 when no class is coloured at all.
  any_shown: u32,
  // Patches across and down of the heat map; 0 when there is none.
  heat_columns: u32,
  heat_rows: u32,
  heat_low: f32,
  heat_high: f32,
}

@group(0) @binding(0) var<uniform> scene: Scene;
@group(0) @binding(1) var<storage, read> palette: array<u32>;
@group(0) @binding(2) var picture: texture_2d<f32>;
@group(0) @binding(3) var region_map: texture_2d<u32>;
@group(0) @binding(4) var class_map: texture_2d<u32>;
// How far, in working pixels, the next one of another region or the end of the picture is; all of one region is of
// one class.
@group(0) @binding(5) var depth_map: texture_2d<u32>;
@group(0) @binding(6) var smoothly: sampler;
@group(0) @binding(7) var<storage, read> heat: array<f32>;
@group(0) @binding(8) var<storage, read> heat_ramp: array<u32>;

const LUMA = vec3f(0.2126, 0.7152, 0.0722);
// At most this many texels along a side of a minified pixel, and on either side when looking for an edge.
const MOST_TAPS = 8;
const MOST_REACH = 8;
const FAR = 1e6;

@vertex
fn cover(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  // One triangle that covers the canvas.
  return vec4f(f32(index & 1u) * 4.0 - 1.0, f32(index >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

/// Colour of a label, alpha 0 when it is not to be seen.
fn colour_of(label: u32) -> vec4f {
  if (label >= arrayLength(&palette)) {
    return vec4f(0.0);
  }
  return unpack4x8unorm(palette[label]);
}

fn tint(base: vec3f, colour: vec3f) -> vec3f {
  let luma = dot(base, LUMA);
  let dark = colour * mix(TINT_DARK, 1.0, min(1.0, 2.0 * luma));
  return mix(dark, vec3f(1.0), TINT_LIGHT * max(0.0, 2.0 * luma - 1.0));
}

/// A colour of the picture under the colour of its class: tinted, veiled in grey, or as it is.
fn coloured(base: vec3f, colour: vec4f) -> vec3f {
  if (colour.a > 0.0) {
    return mix(base, tint(base, colour.rgb), scene.opacity);
  }
  if (scene.any_shown == 0u) {
    return base;
  }
  return mix(base, vec3f(REST_DARK * dot(base, LUMA)), REST_GREY * scene.opacity);
}

/// One working pixel; beyond the border, the border's own.
fn texel(place: vec2i, is_uniform: bool) -> vec3f {
  let within = clamp(place, vec2i(0), vec2i(scene.size) - 1);
  let base = textureLoad(picture, within, 0).rgb;
  if (is_uniform) {
    return base;
  }
  return coloured(base, colour_of(textureLoad(class_map, within, 0).r));
}

/// The picture at a point: crisp when magnified, interpolated around 1, averaged when minified. Where all around is of
/// one class (`is_uniform`) the colours are left to the caller, who applies them once.
fn sampled(point: vec2f, is_uniform: bool) -> vec3f {
  if (scene.scale >= CRISP_SCALE) {
    return texel(vec2i(floor(point)), is_uniform);
  }
  if (scene.scale >= 1.0) {
    if (is_uniform) {
      return textureSampleLevel(picture, smoothly, point / scene.size, 0.0).rgb;
    }
    let corner = floor(point - 0.5);
    let weight = point - 0.5 - corner;
    let place = vec2i(corner);
    let above = mix(texel(place, false), texel(place + vec2i(1, 0), false), weight.x);
    let below = mix(texel(place + vec2i(0, 1), false), texel(place + vec2i(1, 1), false), weight.x);
    return mix(above, below, weight.y);
  }
  let side = 1.0 / scene.scale;
  let taps = min(MOST_TAPS, i32(ceil(side)));
  let step = side / f32(taps);
  let start = point - 0.5 * side + 0.5 * step;
  var sum = vec3f(0.0);
  for (var row = 0; row < taps; row += 1) {
    for (var column = 0; column < taps; column += 1) {
      sum += texel(vec2i(floor(start + step * vec2f(f32(column), f32(row)))), is_uniform);
    }
  }
  return sum / f32(taps * taps);
}

/// The picture in grey under the heat map's colour: heat-layer.ts does the same.
fn heat_at(point: vec2f, base: vec3f) -> vec3f {
  let most = vec2f(f32(scene.heat_columns), f32(scene.heat_rows)) - 1.0;
  let place = clamp(point / scene.size * (most + 1.0) - 0.5, vec2f(0.0), most);
  let corner = floor(place);
  let next = min(corner + 1.0, most);
  let weight = place - corner;
  let above = u32(corner.y) * scene.heat_columns;
  let below = u32(next.y) * scene.heat_columns;
  let top = mix(heat[above + u32(corner.x)], heat[above + u32(next.x)], weight.x);
  let bottom = mix(heat[below + u32(corner.x)], heat[below + u32(next.x)], weight.x);
  let share = (mix(top, bottom, weight.y) - scene.heat_low) / (scene.heat_high - scene.heat_low);
  let last = f32(arrayLength(&heat_ramp) - 1u);
  let colour = unpack4x8unorm(heat_ramp[u32(round(clamp(share, 0.0, 1.0) * last))]);
  return mix(vec3f(dot(base, LUMA)), colour.rgb, HEAT_STRENGTH);
}

struct Here {
  region: u32,
  label: u32,
}

fn here(place: vec2i) -> Here {
  return Here(textureLoad(region_map, place, 0).r, textureLoad(class_map, place, 0).r);
}

/// Distances in device pixels from a point to the nearest working pixel that differs, FAR when beyond reach.
struct Edges {
  // Another class, or the end of the picture.
  label: f32,
  // The colour of that other class.
  beyond: vec4f,
  // Another region of the same class.
  seam: f32,
  // Another region, or the end of the picture.
  region: f32,
  // The hovered and the selected region, seen from outside.
  hovered: f32,
  selected: f32,
}

fn edges_near(point: vec2f, own: Here, reach: f32, depth: i32) -> Edges {
  var edges = Edges(FAR, vec4f(0.0), FAR, FAR, FAR, FAR);
  let place = vec2i(floor(point));
  let limit = vec2i(scene.size);
  // Minified, the working pixels in reach are many: every stride-th stands for its neighbours.
  let needed = max(1, i32(ceil(reach / scene.scale)));
  if (depth > needed) {
    return edges;
  }
  let stride = (needed + MOST_REACH - 1) / MOST_REACH;
  let count = (needed + stride - 1) / stride;
  var beyond = 0u;
  for (var row = -count; row <= count; row += 1) {
    for (var column = -count; column <= count; column += 1) {
      let other = place + stride * vec2i(column, row);
      let low = vec2f(other);
      let gap = max(max(low - point, point - low - 1.0), vec2f(0.0));
      let distance = length(gap) * scene.scale;
      if (any(other < vec2i(0)) || any(other >= limit)) {
        edges.label = min(edges.label, distance);
        edges.region = min(edges.region, distance);
        continue;
      }
      let there = here(other);
      if (there.region == own.region) {
        continue;
      }
      edges.region = min(edges.region, distance);
      if (there.label == own.label) {
        edges.seam = min(edges.seam, distance);
      } else if (distance < edges.label) {
        edges.label = distance;
        beyond = there.label;
      }
      if (there.region == scene.hovered) {
        edges.hovered = min(edges.hovered, distance);
      }
      if (there.region == scene.selected) {
        edges.selected = min(edges.selected, distance);
      }
    }
  }
  edges.beyond = colour_of(beyond);
  return edges;
}

/// Share of a device pixel that a band along an edge covers; the band begins at the edge.
fn band(distance: f32, width: f32) -> f32 {
  return clamp(width - distance + 0.5, 0.0, 1.0) * min(1.0, width);
}

/// The band on this side of an edge, less what lies beyond the edge: so that edges are smooth.
fn inside(distance: f32, width: f32) -> f32 {
  return band(distance, width) * min(1.0, distance + 0.5);
}

/// What the band on the other side of an edge covers of a device pixel on this side.
fn outside(distance: f32, width: f32) -> f32 {
  return max(0.0, 0.5 - distance) * min(1.0, width);
}

fn ink(class_colour: vec4f) -> vec3f {
  return mix(class_colour.rgb, vec3f(1.0), LINE_LIGHT);
}

@fragment
fn paint(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let point = (position.xy - scene.offset) / scene.scale;
  let border = min(point, scene.size - point) * scene.scale + 0.5;
  let coverage = clamp(border.x, 0.0, 1.0) * clamp(border.y, 0.0, 1.0);
  if (coverage <= 0.0 || scene.size.x < 1.0) {
    return vec4f(scene.background, 1.0);
  }
  let held = clamp(point, vec2f(0.0), scene.size - 0.001);
  return vec4f(mix(scene.background, painted(held), coverage), 1.0);
}

fn painted(point: vec2f) -> vec3f {
  if (scene.bare != 0u) {
    return sampled(point, true);
  }
  let place = vec2i(floor(point));
  let depth = i32(textureLoad(depth_map, place, 0).r);
  let own = here(place);
  if (scene.heat_columns > 0u) {
    return outlined(heat_at(point, sampled(point, true)), point, depth, own, vec4f(0.0));
  }
  let own_colour = colour_of(own.label);
  // A drawn pixel, interpolated or averaged, takes in working pixels this far away.
  let is_uniform = depth > i32(ceil(max(1.0, 0.5 / scene.scale)));
  let base = sampled(point, is_uniform);
  if (is_uniform) {
    return outlined(coloured(base, own_colour), point, depth, own, own_colour);
  }
  return outlined(base, point, depth, own, own_colour);
}

fn outlined(base: vec3f, point: vec2f, depth: i32, own: Here, own_colour: vec4f) -> vec3f {
  let is_hovered = own.region != 0u && own.region == scene.hovered;
  let is_selected = own.region != 0u && own.region == scene.selected;
  let width = scene.outline_width;
  let hover_width = width + HOVER_LINE_EXTRA;
  let selected_width = width + SELECTED_LINE_EXTRA;
  var reach = 0.0;
  if (own_colour.a > 0.0) {
    reach = width;
  }
  if (is_hovered) {
    reach = max(HOVER_GLOW_WIDTH, hover_width);
  }
  if (is_selected) {
    reach = max(reach, selected_width);
  } else if (scene.selected != 0u) {
    reach = max(reach, SELECTED_HALO_WIDTH);
  }
  let edges = edges_near(point, own, reach + 0.5, depth);
  var colour = base;
  if (own_colour.a > 0.0) {
    colour = mix(colour, ink(own_colour), SEAM_STRENGTH * band(edges.seam, 0.5 * width));
    colour = mix(colour, ink(own_colour), LINE_STRENGTH * inside(edges.label, width));
  }
  if (edges.beyond.a > 0.0 && scene.heat_columns == 0u) {
    colour = mix(colour, ink(edges.beyond), LINE_STRENGTH * outside(edges.label, width));
  }
  if (is_hovered) {
    colour = mix(colour, vec3f(1.0), HOVER_FILL);
    colour = mix(colour, vec3f(1.0), HOVER_GLOW_STRENGTH * inside(edges.region, HOVER_GLOW_WIDTH));
    colour = mix(colour, vec3f(1.0), HOVER_LINE_STRENGTH * inside(edges.region, hover_width));
  } else if (scene.hovered != 0u) {
    colour = mix(colour, vec3f(1.0), HOVER_LINE_STRENGTH * outside(edges.hovered, hover_width));
  }
  if (is_selected) {
    colour = mix(colour, vec3f(1.0), inside(edges.region, selected_width));
  } else if (scene.selected != 0u) {
    colour = mix(colour, vec3f(0.0), SELECTED_HALO_STRENGTH * inside(edges.selected, SELECTED_HALO_WIDTH));
    colour = mix(colour, vec3f(1.0), outside(edges.selected, selected_width));
  }
  return colour;
}
