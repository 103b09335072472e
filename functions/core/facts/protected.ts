import type { Session } from "../contract/session.ts";
import type { Policy } from "../settings.ts";

export function isProtectedApplication(session: Session, policy: Policy): boolean {
  return protectedName("application", session.application, policy.protectedApplications) !== null;
}

export function isProtectedUser(session: Session, policy: Policy): boolean {
  return protectedName("user", session.user, policy.protectedUsers) !== null;
}

/** Why a name is never touched; null when it is on no list. */
export function protectedName(what: string, name: string | null, names: readonly string[]): string | null {
  const found = names.some((other) => other.toLowerCase() === name?.toLowerCase());
  return found ? `its ${what} ${name} is on the protected list` : null;
}
