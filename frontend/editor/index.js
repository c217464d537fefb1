// The parts of CodeMirror 6 that a cell needs. `make demos` bundles them into page/editor.js, which a page loads when a
// reader first edits a cell.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, keymap } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

// The classes are those of the code in the page, so that the page's colours for code, light and dark, also hold here.
const colours = HighlightStyle.define([
  { tag: t.comment, class: "c" },
  { tag: [t.keyword, t.operatorKeyword, t.controlKeyword, t.definitionKeyword, t.moduleKeyword], class: "k" },
  { tag: [t.string, t.special(t.string)], class: "s" },
  { tag: [t.number, t.bool, t.null], class: "m" },
  { tag: [t.function(t.definition(t.variableName)), t.definition(t.className)], class: "nf" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "transparent", color: "inherit" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--code)", lineHeight: "1.55" },
  ".cm-content": { padding: "0.85rem 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 1rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "light-dark(#c9defa, #2d4a6b)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--mark)", outline: "1px solid var(--line)" },
});

/** Make an editor in the element `parent`; return {focus, set, destroy}. focus(at): puts the cursor at {x, y} of the
 * screen, or selects the text `at` in the code. */
export function editor(parent, text, { label, change, run, leave }) {
  const runs = () => { run(); return true; };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([
          { key: "Shift-Enter", run: runs }, { key: "Mod-Enter", run: runs }, { key: "Ctrl-Enter", run: runs },
          { key: "Escape", run: () => { leave(); return true; } },
        ]),
        history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), python(), indentUnit.of("    "),
        syntaxHighlighting(colours), look,
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off", autocorrect: "off" }),
        EditorView.updateListener.of((update) => { if (update.docChanged) change(update.state.doc.toString()); }),
      ],
    }),
  });
  return {
    focus: (at) => {
      view.focus();
      if (typeof at === "string") {
        const from = view.state.doc.toString().indexOf(at);
        if (from >= 0) view.dispatch({ selection: { anchor: from, head: from + at.length } });
      } else if (at) {
        view.dispatch({ selection: { anchor: view.posAtCoords(at, false) } });
      }
    },
    set: (value) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } }),
    destroy: () => view.destroy(),
  };
}
