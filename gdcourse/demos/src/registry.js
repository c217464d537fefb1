// Every demo by the name of its Python class.
import BeTheOptimiser from "./demos/be_the_optimiser.js";
import BeatTheAverage from "./demos/beat_the_average.js";
import BreakAdam from "./demos/break_adam.js";
import FindTheEdge from "./demos/find_the_edge.js";
import Fog from "./demos/fog.js";
import HowNoisy from "./demos/how_noisy.js";
import Race from "./demos/race.js";
import RoundTheBowl from "./demos/round_the_bowl.js";
import TooSmall from "./demos/too_small.js";
import TuneThePendulum from "./demos/tune_the_pendulum.js";

/** @type {Record<string, import("./shell.js").Demo>} */
export const registry = { BeTheOptimiser, BeatTheAverage, BreakAdam, FindTheEdge, Fog, HowNoisy, Race, RoundTheBowl, TooSmall, TuneThePendulum };
