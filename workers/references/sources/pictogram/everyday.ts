/**
 * Glyphs for everyday names where the annotations of Unicode CLDR have no such word, or where a person means something
 * narrower or wider than the annotation: "car" is an automobile and not a tram car. Best first.
 */
const EVERYDAY = `
airplane: ✈ 🛩 🛫 🛬
apple: 🍎 🍏
ball, sports ball: ⚽ 🏀 🏈 ⚾ 🏐 🏉 🥎
bag: 👜 🎒 🛍 👝 👛
baseball: ⚾
baseball bat: 🏏
beer: 🍺 🍻
bear: 🐻 🐻‍❄
bed: 🛏
bell pepper, pepper: 🫑 🌶
bicycle: 🚲
bike: 🚲
bird: 🐦 🦜 🦆 🦅 🦉 🕊 🦢 🐧
boat: ⛵ 🚤 🛥 🛶 ⛴ 🚢
book: 📕 📖 📗 📘 📙 📚
bottle: 🍾 🍼 🧴 🍶
bowl: 🥣 🍜 🥗 🍲
bread: 🍞 🥖
box: 📦
boot: 🥾 👢
building: 🏢 🏬 🏫 🏨 🏦 🏤
bus: 🚌 🚍 🚎
cake: 🎂 🍰 🧁
car: 🚗 🚙 🚕 🚘 🚖 🏎
castle: 🏰 🏯
cat: 🐈 🐱 🐈‍⬛
cheese: 🧀
chocolate: 🍫
cell phone: 📱 📲
clock: 🕰 ⏰ 🕒 ⏲
clothes: 👕 👗 👖 🧥 👚
cloud: ☁ 🌥 🌤 🌧
coat: 🧥 🥼
coffee: ☕
computer: 💻 🖥
couch: 🛋
cow: 🐄 🐮 🐂
cup: ☕ 🍵 🥤
dining table: 🍽
dog: 🐕 🐶 🦮 🐩 🐕‍🦺
donut: 🍩
dress: 👗 👘 🥻
drink: 🥤 🍹 🧃 🥛 🧋
face: 🧑 👨 👩 👦 👧
fire: 🔥
fish: 🐟 🐠 🐡
flower: 🌸 🌼 🌻 🌺 🌷 🌹 🪷
food: 🍕 🍔 🥗 🍝 🥪 🍲 🍛 🌮
foot: 🦶
forest: 🌲 🌳 🏞
fork: 🍴
frisbee: 🥏
frog: 🐸
fruit: 🍎 🍌 🍊 🍇 🍓 🍐 🍑 🍍
furniture: 🪑 🛋 🛏
glass, drinking glass: 🥛 🍷 🥃 🥂
glasses: 👓
grass: 🌱 🌾 ☘
hand: ✋ 🖐 🤚 👋
handbag: 👜 👛
hat: 👒 🎩 🧢 👑
head: 🧑 👨 👩 👴 👵
hill: ⛰ 🏔
horse: 🐎 🐴
house: 🏠 🏡 🏘
jeans: 👖
keyboard: ⌨
knife: 🔪
lamp: 💡 🪔
laptop: 💻
leaf: 🍃 🍁 🍂 🌿
lemon: 🍋
light: 💡 🔦 🕯
lion: 🦁
milk: 🥛
man: 👨 🧍‍♂️ 🚶‍♂️ 🏃‍♂️ 👴
meat: 🥩 🍖 🍗 🥓
money: 💵 💶 💷 💴 🪙
moon: 🌕 🌙 🌝
motorcycle: 🏍 🛵
mountain: ⛰ 🏔 🗻
mouse: 🐁 🐭 🖱
orange: 🍊
painting, picture: 🖼
paper: 📄 📃 📰
railway, rail: 🛤
pants: 👖
person: 🧍 🚶 🏃 🧑 👨 👩 👦 👧
pig: 🐖 🐷
plant: 🪴 🌱 🌿 🌵
plate: 🍽
player: ⛹ 🏃 🏌 🤾
potted plant: 🪴
purse: 👛 👜
rabbit: 🐇 🐰
road: 🛣
rock: 🪨
rose: 🌹
sandwich: 🥪
scissors: ✂
sea: 🌊
sheep: 🐑 🐏
ship: 🚢 🛳 ⛴
shirt: 👕 👔 👚
shoe: 👞 👟 👠 🥾 🥿
sneaker: 👟
skier: ⛷
skis: 🎿 ⛷
sky: 🌥 🌤 🌌 🌅
skyscraper: 🏙 🏢
snow: ❄ 🏔 ☃
snowboard: 🏂
snowboarder: 🏂
soda: 🥤
spoon: 🥄
street: 🛣
suitcase: 🧳
sun: ☀ 🌞
surfboard: 🏄
surfer: 🏄
tea: 🍵
table: 🍽
teddy bear: 🧸
tennis racket: 🎾 🏸
text: 📄 📃 📰
tie: 👔
tiger: 🐅 🐯
tomato: 🍅
toy: 🧸 🪀 🪁
traffic light: 🚦 🚥
train: 🚆 🚂 🚅 🚄 🚊
tree: 🌳 🌲 🌴 🎄
trousers: 👖
truck: 🚚 🚛 🛻 🚒
t-shirt: 👕
turtle: 🐢
tv: 📺 🖥
umbrella: ☂ ☔ 🌂 ⛱
vase: 🏺 ⚱
vegetable: 🥦 🥕 🌽 🍆 🥬 🥒 🍅
vehicle: 🚗 🚙 🚌 🚚 🏍 🚲
water: 🌊 💧
wave: 🌊
wine: 🍷
window: 🪟
wine glass: 🍷 🥂
woman: 👩 🧍‍♀️ 🚶‍♀️ 🏃‍♀️ 👵
`;

/** Names whose only glyphs would be by a loose association: an hourglass for "sand". */
const NONE = "angry, cold, happy, hot, lake, love, pool, sad, sand, side, sleep, strong, top, work";

/** Other words for the same thing: what is said on the left is looked up as what stands on the right. */
const ALIASES = `
aeroplane, plane, aircraft, jet: airplane
automobile, auto: car
bull, ox: cow
cellphone, mobile phone, mobile, smartphone, phone, iphone: cell phone
coffee cup, mug, teacup, tea cup: cup
coffee table: dining table
cookie, biscuit: cookie
doughnut: donut
eyeglasses, spectacles: glasses
fire truck: fire engine
flying disc: frisbee
glove: gloves
highway, motorway: road
human, people: person
kitten, kitty: cat
lorry: truck
maize: corn
motorbike, moped: motorcycle
ocean: sea
pc: computer
pony: horse
pot plant, houseplant, house plant: potted plant
puppy, doggy: dog
pushbike, cycle: bicycle
racquet, tennis racquet, racket: tennis racket
rucksack, knapsack: backpack
settee, sofa: couch
signal light, traffic signal: traffic light
soccerball, football ball: soccer ball
trainer: sneaker
stone, boulder, pebble: rock
television, tv set, telly, tv screen, television set: tv
tee, tshirt, tee shirt: t-shirt
tyre: wheel
sunshade, parasol: umbrella on ground
luggage, baggage: suitcase
wolf face: wolf
yacht, sailing boat: sailboat
`;

const rows = (table: string): (readonly [names: readonly string[], value: string])[] =>
  table
    .trim()
    .split("\n")
    .map((row) => {
      const [names = "", value = ""] = row.split(": ");
      return [names.split(", "), value] as const;
    });

/** Name -> glyphs, best first. Names are lower case, singular. */
export const everydayGlyphs: ReadonlyMap<string, readonly string[]> = new Map(
  rows(EVERYDAY).flatMap(([names, glyphs]) => names.map((name) => [name, glyphs.split(" ")] as const)),
);

/** Names known to have no fitting glyph. */
export const withoutGlyphs: ReadonlySet<string> = new Set(NONE.split(", "));

/** Another word -> the name to look up instead. */
export const aliases: ReadonlyMap<string, string> = new Map(
  rows(ALIASES).flatMap(([names, value]) => names.map((name) => [name, value] as const)),
);
