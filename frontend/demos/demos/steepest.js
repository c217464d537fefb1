// Demo Steepest: which step of length 1 is steepest, if one of three norms measures the length. It is the demo Fog with
// a choice of the norm.
import { choice } from "../controls.js";
import fog from "./fog.js";

/** @type {import("../shell.js").Demo} */
export default {
  ...fog,
  controls: [
    choice("norm", { label: "a step has length 1 when", options: [["2", "√(x² + y²) = 1"], ["inf", "max(|x|, |y|) = 1"], ["1", "|x| + |y| = 1"]], also: () => ({ measured: "" }) }),
    ...fog.controls,
  ],
  goals: {
    max_norm: (s, p) => s.norm === "inf" && p.slope > 21.99,
    one_norm: (s, p) => s.norm === "1" && p.slope > 15.99,
    two_norm: (s, p) => s.norm === "2" && p.slope > 17.08,
  },
};
