// Bundle the sources that a browser cannot load directly, and those that Jupyter loads as one text. The bundles are the
// only generated files that are committed. Each folder of sources is bundled into:
//   demos/      into gdcourse/demos/static: core.js, and for each demo a module that imports it
//   questions/  into gdcourse/exercises/questions
//   editor/     into page/editor.js, zip/ into page/zip.js, and parser/ into demos/jsep.js
//   search/     into page/find.js, a script that is not a module, because modules do not load when the book is opened
//               from a folder
// page/ needs no bundling: the website serves its files unchanged. `--check` tells whether all bundles are up to date.
import { build, transform } from "esbuild";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";

const here = path => new URL(path, import.meta.url).pathname;
const css = {
  name: "css", setup(b) {
    b.onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: (await transform(await readFile(path, "utf8"), { loader: "css", minify: true })).code, loader: "text" }));
  },
};
const shared = [...(await readFile(here("demos/core.js"), "utf8")).matchAll(/from "(.+)"/g)].map(m => here("demos/" + m[1]));

/** Each demo's module exports {render}, which anywidget calls; the code in core.js is imported, not copied. */
const demo = {
  name: "demo", setup(b) {
    b.onResolve({ filter: /^demo:/ }, ({ path }) => ({ path: path.slice(5), namespace: "demo" }));
    b.onLoad({ filter: /./, namespace: "demo" }, ({ path }) => ({
      resolveDir: here("demos"), contents: `import demo from "./demos/${path}.js"; import { mount } from "./shell.js";
        export default { render: ({ model, el }) => mount(demo, model, el) };`,
    }));
    b.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => shared.includes(new URL(path, `file://${resolveDir}/`).pathname) ? { path: "./core.js", external: true } : null);
  },
};

async function bundle(entry, { plugins = [], banner = {}, format = "esm", globalName = "" } = {}) {
  const { outputFiles: [{ text }] } = await build({
    entryPoints: [entry], bundle: true, minify: true, write: false, format, ...(globalName && { globalName }), target: "es2020", charset: "utf8", legalComments: "none", plugins, banner,
  });
  return text;
}

const jsep = await bundle(here("parser/index.js"), { banner: { js: "/*! jsep, Copyright (c) 2013 Stephen Oney, MIT licence: ericsmekens.github.io/jsep */" } });
if (!process.argv.includes("--check")) await writeFile(here("demos/jsep.js"), jsep); // written before the demos are bundled, because a demo's bundle contains it

const made = { "demos/jsep.js": jsep, "../gdcourse/demos/static/core.js": await bundle(here("demos/core.js"), { plugins: [css] }) };
for (const file of (await readdir(here("demos/demos"))).sort())
  made[`../gdcourse/demos/static/${file}`] = await bundle("demo:" + file.slice(0, -3), { plugins: [demo] });
for (const file of await readdir(here("questions")))
  made[`../gdcourse/exercises/questions/${file}`] = await bundle(here(`questions/${file}`));
made["page/editor.js"] = await bundle(here("editor/index.js"), {
  banner: { js: "/*! CodeMirror 6 and Lezer, Copyright (C) 2018-2021 by Marijn Haverbeke and others, MIT licence: codemirror.net */" },
});
made["page/zip.js"] = await bundle(here("zip/index.js"), { banner: { js: "/*! fflate, Copyright (c) 2023 Arjun Barrett, MIT licence: github.com/101arrowz/fflate */" } });

made["page/find.js"] = await bundle(here("search/index.js"), {
  format: "iife", globalName: "search", banner: { js: "/*! MiniSearch, Copyright (C) 2018-2024 by Luca Ongaro, MIT licence: lucaong.github.io/minisearch */" },
});

const gone = (await readdir(here("../gdcourse/demos/static"))).map(name => `../gdcourse/demos/static/${name}`).filter(name => !(name in made));
const old = [...gone];
for (const name in made) if (await readFile(here(name), "utf8").catch(() => "") !== made[name]) old.push(name);
if (old.length && process.argv.includes("--check")) {
  console.error(`Not what frontend/ gives: ${old.join(", ").replaceAll("../", "")}. Run  make demos  and commit it.`);
  process.exit(1);
}
for (const name of old) name in made ? await writeFile(here(name), made[name]) : await rm(here(name));
for (const name in made) console.log(`${name.replace("../", "")} ${Buffer.byteLength(made[name])} bytes`);
