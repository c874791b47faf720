const words = (
  'acorn amber apple april arrow autumn badger bagel bamboo banjo basil beaver beetle berry birch bonnet bottle ' +
  'branch bread breeze bridge brook bucket butter button cactus camel candle canoe carrot castle cedar cello cherry ' +
  'chess cider cinder circle clover cobalt comet copper coral cotton cricket crystal daisy dolphin donkey dragon ' +
  'drum eagle ember falcon feather fennel fern fiddle finch flint forest fossil fountain fox garden ginger glacier ' +
  'goose granite grape harbor hazel hedge heron honey hornet island ivory jacket jasmine jigsaw juniper kettle kite ' +
  'ladder lagoon lantern lemon lilac lizard lobster magnet mango maple marble meadow melon mirror moss mountain mule ' +
  'muffin nectar needle nutmeg oak ocean olive onion orchid otter oyster paddle panda papaya parrot peach pebble ' +
  'pepper piano pigeon pillow planet plum pocket poppy prairie puffin pumpkin quartz quilt rabbit radish raisin raven ' +
  'ribbon river robin rocket rose saddle saffron salmon sandal scarf shadow silver spruce squid starling stone stork ' +
  'summer sunset swallow tiger timber toast tomato torch trumpet tulip tunnel turtle umbrella valley velvet violet ' +
  'violin waffle walnut walrus willow winter wizard yarrow zebra zephyr'
).split(' ');

/** A number below `end`, each as likely as the others. */
function below(end: number): number {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  // The few numbers at the top that do not fill a whole round would favour the first words.
  return number >= 2 ** 32 - (2 ** 32 % end) ? below(end) : number % end;
}

/** Three words and a number that a pupil can type: about 29 bits, behind five tries a minute. */
export function makePassword(): string {
  const three = Array.from({ length: 3 }, () => words[below(words.length)]);
  return `${three.join('-')}-${10 + below(90)}`;
}
