import { visibleLine } from "../text/visible.ts";
import type { BlockingTree, TreeNode } from "./blocking-tree.ts";

/** The tree with lines drawn in characters; for a terminal and for a fenced block of Markdown. */
export function treeLines({ roots, more }: BlockingTree, width = 160): readonly string[] {
  const lines = roots.flatMap((root) => [oneLine(root), ...below(root, "")]);
  const rest = more === 0 ? [] : [`… and ${more} more root blockers`];
  return [...lines, ...rest].map((line) => cut(line, width));
}

function below(node: TreeNode, indent: string): readonly string[] {
  const entries: (TreeNode | string)[] = [...node.children];
  if (node.more > 0) entries.push(`… and ${node.more} more`);
  return entries.flatMap((entry, index) => {
    const last = index === entries.length - 1;
    const head = `${indent}${last ? "└─ " : "├─ "}`;
    if (typeof entry === "string") return [`${head}${entry}`];
    return [`${head}${oneLine(entry)}`, ...below(entry, `${indent}${last ? "   " : "│  "}`)];
  });
}

function oneLine({ who, state, waits, blocks, statement }: TreeNode): string {
  const parts = [who, waits ?? state, blocks, statement];
  return visibleLine(parts.filter((part) => part !== null).join(" · "));
}

export function cut(line: string, width: number): string {
  const characters = [...line];
  return characters.length <= width ? line : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}
