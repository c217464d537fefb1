// Bundle src/ into static/demos.js, the one generated file that is committed. `--check` says whether it is up to date.
import { build, transform } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";

const css = {
  name: "css", setup(b) {
    b.onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: (await transform(await readFile(path, "utf8"), { loader: "css", minify: true })).code, loader: "text" }));
  },
};
const { outputFiles: [{ text }] } = await build({
  entryPoints: [new URL("src/index.js", import.meta.url).pathname], bundle: true, minify: true, write: false, format: "esm",
  target: "es2020", charset: "utf8", legalComments: "none", plugins: [css],
});
const out = new URL("static/demos.js", import.meta.url);
if (process.argv.includes("--check")) {
  if (await readFile(out, "utf8").catch(() => "") !== text) {
    console.error("gdcourse/demos/static/demos.js is not what src/ gives: run  make demos  and commit it.");
    process.exit(1);
  }
} else await writeFile(out, text);
console.log(`demos.js ${Buffer.byteLength(text)} bytes`);
