import { visible } from "../../functions/core/text/visible.ts";

/** A run that ended, and what becomes of it. */
export type GoingOn =
  | { readonly redrive: string; readonly force?: readonly string[] }
  | { readonly giveBack: string };

export interface Asking {
  say(text: string): void;
  agreed(): Promise<boolean>;
}

/** What a run that ended is to do now, before anybody agrees to it: no plan of days ago says that. */
export async function agreedToGoOn(of: GoingOn, { say, agreed }: Asking): Promise<boolean> {
  say(visible(`${"redrive" in of ? redriveText(of.redrive, of.force ?? []) : giveBackText(of.giveBack)}\n`));
  if (await agreed()) return true;
  say("Not done: nobody agreed. Answer y, or give --yes where nobody can be asked.");
  return false;
}

function redriveText(run: string, force: readonly string[]): string {
  return [
    `${run} goes on where it ended (how it stands: responder failover --show ${run} --table TABLE):`,
    "  what it proved is proved anew; 16 minutes after it was checked or agreed to it is so anew, too.",
    "  What a redrive before overrode counts no more, nor by then what it began with: name it again by --force VETO.",
    "  Where the checks let it pass it FENCES the old primary, PROMOTES its candidate and MOVES the names.",
    ...(force.length === 0 ? [] : [`  It OVERRIDES what stands against that: ${force.join(", ")}.`]),
  ].join("\n");
}

function giveBackText(run: string): string {
  return [
    `${run} takes its fence off the old primary, security group and statements, and does nothing else:`,
    "  not while another run has the group, nor where its candidate was promoted, or may still be: beside a copy that was",
    "  promoted only where people stay with the old primary (--gone), and while no name leads to that copy.",
  ].join("\n");
}
