// The first picture of the course: a landscape in fog. Each click takes one step against the slope, and the fog lifts
// around the path. x points to the right and y down; the unit is half the height of the picture. On a phone the origin
// is above the middle, clear of the button; on a wide screen it is to the right of the text.

/** Hills, and hollows with a negative height: [height, x, y, width in x, width in y]. */
const BUMPS = [[-1.5, 0.42, 0.3, 0.36, 0.3], [-0.8, -1.5, -0.15, 0.5, 0.36], [0.75, -0.5, 0.2, 0.34, 0.42], [0.55, 1.25, -0.25, 0.4, 0.5], [0.4, 0.35, -0.75, 0.5, 0.3], [-0.5, 2.3, 0.35, 0.55, 0.4], [0.5, -2.4, 0.3, 0.5, 0.4]];
const BOWL = [0.06, 0.22];
/** @type {[number, number][]} */
export const STARTS = [[-0.2, -0.1], [-0.35, 0.5], [-1.9, -0.5], [0.75, -0.15]];
export const RATE = 0.04;

export function height(x, y) {
  let z = BOWL[0] * x * x + BOWL[1] * y * y;
  for (const [h, a, b, s, t] of BUMPS) z += h * Math.exp(-(((x - a) / s) ** 2) - ((y - b) / t) ** 2);
  return z;
}

/** Return the slope in x and in y. @returns {[number, number]} */
export function slope(x, y) {
  let [u, v] = [2 * BOWL[0] * x, 2 * BOWL[1] * y];
  for (const [h, a, b, s, t] of BUMPS) {
    const z = h * Math.exp(-(((x - a) / s) ** 2) - ((y - b) / t) ** 2);
    u -= (2 * (x - a) * z) / (s * s);
    v -= (2 * (y - b) * z) / (t * t);
  }
  return [u, v];
}

/** Take one step of gradient descent, w − η ∇f(w). @returns {[number, number]} */
export const step = ([x, y]) => {
  const [u, v] = slope(x, y);
  return [x - RATE * u, y - RATE * v];
};

/** edge: the factor by which a contour line is darker, or lighter, than the ground. */
const COLOURS = {
  light: { low: [222, 184, 110], high: [255, 252, 246], edge: 0.74, fog: "245 247 249", ink: "#1c232d", path: "#b3440a" },
  dark: { low: [122, 96, 50], high: [22, 25, 30], edge: 1.8, fog: "28 34 43", ink: "#dfe4ea", path: "#f5a66f" },
};
const LEVELS = 16;
/** Places where the fog is thicker: [x as a share of the width, y as a share of the height, radius in heights, per
 * cent]. */
const CLOUDS = [[0.1, 0.9, 0.6, 35], [0.5, 0.1, 0.5, 35], [0.95, 0.25, 0.6, 40], [0.78, 0.95, 0.45, 30], [0.42, 0.75, 0.4, 25]];

/** Is there room for the text beside the origin? */
const wide = (width, high) => width > 1.5 * high;
/** Return the pixel at which x = 0 is drawn. */
const middle = (width, high) => (wide(width, high) ? 0.66 : 0.5) * width;
/** Return the pixel at which y = 0 is drawn. */
const level = (width, high) => (wide(width, high) ? 0.5 : 0.3) * high;

/** Draw the ground, with its contour lines, on a canvas; return the canvas. */
function ground(width, high, colours) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height: high });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(width, high);
  const unit = 2 / high;
  const zero = middle(width, high);
  const across = BUMPS.map(([, a, , s]) => Float32Array.from({ length: width }, (_, i) => Math.exp(-((((i - zero) * unit - a) / s) ** 2))));
  const flat = Float32Array.from({ length: width }, (_, i) => BOWL[0] * ((i - zero) * unit) ** 2);
  let above = new Float32Array(width);
  for (let j = 0; j < high; j++) {
    const y = (j - level(width, high)) * unit;
    const down = BUMPS.map(([h, , b, , t]) => h * Math.exp(-(((y - b) / t) ** 2)));
    const row = new Float32Array(width);
    for (let i = 0; i < width; i++) {
      let z = flat[i] + BOWL[1] * y * y;
      for (let k = 0; k < BUMPS.length; k++) z += down[k] * across[k][i];
      row[i] = z;
      const share = Math.min(1, Math.max(0, (z + 1.35) / 2.2));
      const band = Math.floor(share * LEVELS);
      const [left, up] = [i ? row[i - 1] : z, j ? above[i] : z];
      const edge = [left, up].some((one) => Math.floor(Math.min(1, Math.max(0, (one + 1.35) / 2.2)) * LEVELS) !== band);
      // the light comes from the upper left
      const light = 1 + 5 * (left - z) * (high / 520) + 4 * (up - z) * (high / 520);
      const at = 4 * (j * width + i);
      for (let c = 0; c < 3; c++) {
        const colour = colours.low[c] + (colours.high[c] - colours.low[c]) * (band / (LEVELS - 1));
        image.data[at + c] = colour * Math.min(1.12, Math.max(0.82, light)) * (edge ? colours.edge : 1);
      }
      image.data[at + 3] = 255;
    }
    above = row;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Start a picture. root: the element with its canvas, its button and the text below. */
export function mount(root) {
  const canvas = root.querySelector("canvas");
  const [again, said] = [root.querySelector("button"), root.querySelector("[role=status]")];
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const context = canvas.getContext("2d");
  let start = 0, path = [STARTS[0]], shown = 0, lifted = 0, pending = 0;
  let land = /** @type {HTMLCanvasElement | null} */ (null);

  const arrived = () => Math.hypot(...slope(...path[path.length - 1])) < 0.12;
  const colours = () => COLOURS[document.documentElement.dataset.theme === "dark" ? "dark" : "light"];

  const draw = () => {
    const { width, height: high } = canvas;
    const look = colours();
    const place = ([x, y]) => /** @type {[number, number]} */ ([middle(width, high) + (x * high) / 2, level(width, high) + (y * high) / 2]);
    const ratio = high / canvas.clientHeight;
    land ??= ground(width, high, look);
    // draw the fog, with a hole at each point of the path; at the bottom of the valley all fog lifts
    const fog = new OffscreenCanvas(width, high);
    const veil = /** @type {any} */ (fog.getContext("2d"));
    const thick = (x, y, radius, share) => {
      const cloud = veil.createRadialGradient(x, y, 0, x, y, radius);
      cloud.addColorStop(0, `rgb(${look.fog} / ${Math.round(share * (1 - lifted))}%)`);
      cloud.addColorStop(1, `rgb(${look.fog} / 0%)`);
      veil.fillStyle = cloud;
      veil.fillRect(0, 0, width, high);
    };
    veil.fillStyle = `rgb(${look.fog} / ${Math.round(64 * (1 - lifted))}%)`;
    veil.fillRect(0, 0, width, high);
    for (const [x, y, radius, share] of CLOUDS) thick(x * width, y * high, radius * high, share);
    // thicker fog behind the text on a wide screen
    if (wide(width, high)) thick(0.22 * width, 0.4 * high, 0.9 * high, 45);
    veil.globalCompositeOperation = "destination-out";
    const upto = path.slice(0, Math.ceil(shown) + 1);
    for (const point of upto) {
      const [x, y] = place(point);
      const radius = 0.36 * high;
      const hole = veil.createRadialGradient(x, y, 0.2 * radius, x, y, radius);
      hole.addColorStop(0, "rgb(0 0 0 / 90%)");
      hole.addColorStop(1, "transparent");
      veil.fillStyle = hole;
      veil.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    }
    context.drawImage(land, 0, 0);
    context.drawImage(fog, 0, 0);
    // draw the path, with the part of the last step that is reached so far
    const whole = Math.floor(shown), part = shown - whole;
    const points = path.slice(0, whole + 1).map(place);
    if (part) {
      const [from, to] = [place(path[whole]), place(path[whole + 1])];
      points.push([from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])]);
    }
    context.lineWidth = 2 * ratio;
    context.strokeStyle = context.fillStyle = look.path;
    context.beginPath();
    points.forEach(([x, y], n) => (n ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
    const dot = ([x, y], r) => { context.beginPath(); context.arc(x, y, r * ratio, 0, 7); context.fill(); };
    points.slice(0, -1).forEach((point) => dot(point, 4));
    const here = points[points.length - 1];
    // draw the slope at the current point, as an arrow downhill
    const [u, v] = slope(...path[Math.min(path.length - 1, Math.round(shown))]);
    const steep = Math.hypot(u, v);
    if (!part && !arrived()) {
      const long = (16 + 26 * Math.min(1, steep / 2.5)) * ratio;
      const [dx, dy] = [-u / steep, -v / steep];
      const tip = /** @type {[number, number]} */ ([here[0] + dx * long, here[1] + dy * long]);
      context.strokeStyle = look.ink;
      context.lineCap = "round";
      context.beginPath();
      context.moveTo(here[0] + dx * 11 * ratio, here[1] + dy * 11 * ratio);
      context.lineTo(...tip);
      for (const turn of [2.6, -2.6]) {
        const [c, s] = [Math.cos(turn), Math.sin(turn)];
        context.moveTo(...tip);
        context.lineTo(tip[0] + (dx * c - dy * s) * 7 * ratio, tip[1] + (dx * s + dy * c) * 7 * ratio);
      }
      context.stroke();
    }
    context.fillStyle = look.ink;
    dot(here, 9);
    context.fillStyle = look.path;
    dot(here, 6.5);
  };
  const soon = () => { pending ||= requestAnimationFrame(() => { pending = 0; draw(); }); };

  const tell = () => {
    const [x, y] = path[path.length - 1];
    const metres = Math.round(600 + 300 * height(x, y));
    const steps = path.length - 1;
    if (arrived()) {
      const lowest = height(x, y) < -1;
      said.textContent = `${steps} steps, ${metres} m: flat ground in every direction. ${lowest ? "This is the lowest valley." : "A valley, but not the lowest: gradient descent cannot know."}`;
      again.textContent = "Start somewhere else";
    } else {
      said.textContent = steps ? `Step ${steps}: ${metres} m.` : `You are at ${metres} m. All you feel is the slope under your feet.`;
      again.textContent = "Take a step";
    }
  };

  /** Call `set` in each frame with a number that goes from `from` to `to` in `ms` milliseconds. If the reader wants
   * no motion, call it only once, with `to`. */
  const run = (from, to, ms, set) => {
    if (still.matches || document.hidden) { set(to); soon(); return; }
    const begun = performance.now();
    const frame = (now) => {
      const t = Math.min(1, Math.max(0, (now - begun) / ms));
      set(from + (to - from) * (t * t * (3 - 2 * t)));
      draw();
      if (t < 1) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };

  const act = () => {
    if (shown < path.length - 1) shown = path.length - 1; // a second click shows the first step at once
    if (arrived()) {
      // skip starts that are outside this screen
      do start = (start + 1) % STARTS.length; while (Math.abs(STARTS[start][0]) > 0.75 * canvas.width / canvas.height);
      [path, shown, lifted] = [[STARTS[start]], 0, 0];
      tell();
      soon();
      return;
    }
    path.push(step(path[path.length - 1]));
    const to = path.length - 1;
    run(to - 1, to, 260, (now) => { if (to === path.length - 1) shown = now; });
    if (arrived()) run(0, 1, 900, (now) => { if (to === path.length - 1) lifted = 0.9 * now; });
    tell();
  };

  const fit = () => {
    const ratio = Math.min(2, devicePixelRatio || 1);
    const [width, high] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (!width || (canvas.width === width && canvas.height === high && land)) return;
    [canvas.width, canvas.height, land] = [width, high, null];
    draw();
  };
  new ResizeObserver(fit).observe(canvas);
  new MutationObserver(() => { land = null; soon(); }).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  canvas.addEventListener("click", act);
  again.addEventListener("click", act);
  tell();
  fit();
}
