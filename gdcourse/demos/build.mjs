// Bundle src/ into static/: core.js, and for each demo a module that imports it. The only generated files that are committed.
// `--check` says whether they are up to date.
import { build, transform } from "esbuild";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";

const here = path => new URL(path, import.meta.url).pathname;
const css = {
  name: "css", setup(b) {
    b.onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: (await transform(await readFile(path, "utf8"), { loader: "css", minify: true })).code, loader: "text" }));
  },
};
const shared = [...(await readFile(here("src/core.js"), "utf8")).matchAll(/from "(.+)"/g)].map(m => here("src/" + m[1]));

/** Each demo's module is what anywidget asks for, {render}; what core.js holds comes from there. */
const demo = {
  name: "demo", setup(b) {
    b.onResolve({ filter: /^demo:/ }, ({ path }) => ({ path: path.slice(5), namespace: "demo" }));
    b.onLoad({ filter: /./, namespace: "demo" }, ({ path }) => ({
      resolveDir: here("src"), contents: `import demo from "./demos/${path}.js"; import { mount } from "./shell.js";
        export default { render: ({ model, el }) => mount(demo, model, el) };`,
    }));
    b.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => shared.includes(new URL(path, `file://${resolveDir}/`).pathname) ? { path: "./core.js", external: true } : null);
  },
};

async function bundle(entry, ...plugins) {
  const { outputFiles: [{ text }] } = await build({
    entryPoints: [entry], bundle: true, minify: true, write: false, format: "esm", target: "es2020", charset: "utf8", legalComments: "none", plugins,
  });
  return text;
}

const names = (await readdir(here("src/demos"))).map(file => file.slice(0, -3)).sort();
const made = { "core.js": await bundle(here("src/core.js"), css) };
for (const name of names) made[name + ".js"] = await bundle("demo:" + name, demo);

const there = (await readdir(here("static"))).filter(name => name !== "loader.js");
const read = name => readFile(here("static/" + name), "utf8").catch(() => "");
const old = there.filter(name => !(name in made));
for (const name in made) if (await read(name) !== made[name]) old.push(name);
if (old.length && process.argv.includes("--check")) {
  console.error(`gdcourse/demos/static is not what src/ gives (${old.join(", ")}): run  make demos  and commit it.`);
  process.exit(1);
}
for (const name of old) name in made ? await writeFile(here("static/" + name), made[name]) : await rm(here("static/" + name));
for (const name in made) console.log(`${name} ${Buffer.byteLength(made[name])} bytes`);
