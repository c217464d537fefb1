// Bundle index.js into ../editor.js, a generated file that is committed. `--check` says whether it is up to date.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";

const { outputFiles: [{ text }] } = await build({
  entryPoints: [new URL("index.js", import.meta.url).pathname], bundle: true, minify: true, write: false, format: "esm",
  target: "es2020", charset: "utf8", legalComments: "none",
  banner: { js: "/*! CodeMirror 6 and Lezer, Copyright (C) 2018-2021 by Marijn Haverbeke and others, MIT licence: codemirror.net */" },
});
const out = new URL("../editor.js", import.meta.url);
if (process.argv.includes("--check")) {
  if (await readFile(out, "utf8").catch(() => "") !== text) {
    console.error("website/python/inpage/editor.js is not what editor/ gives: run  make demos  and commit it.");
    process.exit(1);
  }
} else await writeFile(out, text);
console.log(`editor.js ${Buffer.byteLength(text)} bytes`);
