import type { Message, MessageSection } from "../contract/message.ts";

export type Field = { readonly label: string; readonly value: string };
export type Button = Message["buttons"][number];

/** One labelled paragraph over the whole width; a channel shows fields side by side only when there are several. */
export function labelled(label: string, value: string): MessageSection {
  return { kind: "fields", fields: [{ label, value }] };
}

export function fields(...pairs: readonly Field[]): MessageSection {
  return { kind: "fields", fields: [...pairs] };
}

export function text(says: string): MessageSection {
  return { kind: "text", text: says };
}

export function note(says: string): MessageSection {
  return { kind: "note", text: says };
}

export function code(title: string, statement: string): MessageSection {
  return { kind: "code", title, code: statement };
}

/** Nothing when there are no items; says how many were left out. */
export function list(title: string, items: readonly string[], most = 10): readonly MessageSection[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, most);
  const left = items.length - shown.length;
  return [{ kind: "list", title, items: left === 0 ? shown : [...shown, `… and ${left} more`] }];
}
