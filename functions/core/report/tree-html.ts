import type { BlockingTree, TreeNode } from "./blocking-tree.ts";
import { type Html, html } from "./html.ts";

/** The tree as nested lists; lines between them are drawn by the style sheet, so that it wraps and prints. */
export function treeHtml({ roots, more }: BlockingTree): Html {
  return html`<ul class="tree">${roots.map(branch)}${rest(more, "more root blockers")}</ul>`;
}

function branch(node: TreeNode): Html {
  const { who, role, state, waits, blocks, statement, children, more } = node;
  const below =
    children.length === 0 && more === 0
      ? null
      : html`<ul>${children.map(branch)}${rest(more, "more waiters")}</ul>`;
  return html`<li><div class="node ${role}">
<p><strong>${who}</strong>${blocks === null ? null : html` <span class="badge">${blocks}</span>`}</p>
<p class="how">${state}${waits === null ? null : html` · ${waits}`}</p>
${statement === null ? null : html`<code>${statement}</code>`}
</div>${below}</li>
`;
}

function rest(count: number, what: string): Html | null {
  return count === 0 ? null : html`<li><div class="node rest">… and ${count} ${what}</div></li>`;
}
