// Colour the code that the reader wrote on an earlier visit. The classes are those that the build gives to the code of
// the page.
const KEYWORDS = "and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield";
const PIECE = new RegExp([
  String.raw`(?<c>#.*)`,
  String.raw`(?<s>(?<!\w)[bfru]{0,2}("""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))`,
  String.raw`(?<=\b(?:def|class)\s+)(?<nf>\w+)`,
  String.raw`(?<k>\b(?:${KEYWORDS.replaceAll(" ", "|")})\b)`,
  String.raw`(?<m>\b(?:True|False|None)\b|(?<![\w.])\d[\w.]*(?:(?<=[eE])[+-]\d+)?)`,
].join("|"), "g");

/** Return the code as nodes: text, with coloured pieces in elements. */
export function coloured(text) {
  const into = document.createDocumentFragment();
  let end = 0;
  for (const { 0: piece, index, groups } of text.matchAll(PIECE)) {
    const kind = Object.entries(groups ?? {}).find(([, found]) => found !== undefined)?.[0];
    into.append(text.slice(end, index), Object.assign(document.createElement("span"), { className: kind, textContent: piece }));
    end = index + piece.length;
  }
  into.append(text.slice(end));
  return into;
}
