/** 128 words for each place of an alias: short, common, easy to say, and hard to take for one another. */

const first =
  'able amber apt arch ashen azure bare basil birch blue blunt bold brass brave brief bright brisk broad bronze brown calm cedar chalk chief clay clean clear cloud coal cobalt cool copper coral crisp cream dapper dark dawn deep dew dry dusk dusty early east eager ebony elder even fair fawn fern fine first fleet flint fond fresh frost gentle gilt glad gold grand grave great green grey hale hardy hazel high humble indigo iron ivory ivy jade jolly keen kind lace late lean lemon level light lilac lime linen little loam long loyal lucid lunar maple mellow mild mint misty mossy neat new noble north oaken ochre olive opal open pale pearl pine plain plum proud quick quiet rapid rare red ripe rosy round royal rustic sable'

const second =
  'acorn alder anchor apple arrow aspen badge barley barn basin beacon bead beam bean bell berry bench bloom board bough bowl bramble branch bread brick bridge brook broom brush bucket bud burrow button cabin candle canoe canyon carrot cask castle chain cherry chest cliff clover comet compass cone cotton cove cradle creek crown cup current daisy dale delta desk dome door drum dune elm ember fable feather fence fiddle field fig fjord flag flask flax flute forest forge fossil fountain garden gate ginger glade glass glen globe grain granite grape gravel grove gull hammer harbor harp harvest heath hedge helm hill hinge hollow honey horn inlet island jasmine jetty kettle kiln kite knoll ladder lagoon lake lamp lantern lark lathe laurel lawn leaf ledge lens lever lily loom'

const third =
  'ant auk badger bat bear beaver bee beetle bison boar bream buck bull bunting camel carp cat civet cobra cod colt condor coot crab crane cricket crow cub curlew deer dingo dipper dog dove drake duck eagle eel egret eland elk emu ermine ewe falcon ferret finch flea fly fox frog gannet gecko gibbon gnat goat goose grebe grouse guppy hare hawk hen heron hog hornet horse hound ibex ibis iguana jackal jay kestrel kiwi koala lamb lemur leopard linnet lion lizard llama loach loon lynx macaw magpie mako marlin marten martin mink mole moose moth mouse mule newt ocelot okapi orca oriole osprey otter owl ox panda parrot perch pigeon pika pike pony puffin puma quail rabbit ram raven ray robin rook ruff salmon seal shark shrew'

/** The words of each place; 128 each, so that a word is seven bits. */
export const aliasWords: readonly (readonly string[])[] = [first, second, third].map((words) =>
  words.split(' '),
)
