import type { Session } from "../contract/session.ts";
import type { Policy } from "../settings.ts";
import { isMeantBy } from "../text/name-pattern.ts";

export function isProtectedApplication(session: Session, policy: Policy): boolean {
  return protectedName("application", session.application, policy.protectedApplications) !== null;
}

export function isProtectedUser(session: Session, policy: Policy): boolean {
  return protectedName("user", session.user, policy.protectedUsers) !== null;
}

/** Why a name is never touched; null when no entry of the list means it. */
export function protectedName(what: string, name: string | null, names: readonly string[]): string | null {
  const found = name !== null && names.some((entry) => isMeantBy(entry, name));
  return found ? `its ${what} ${name} is on the protected list` : null;
}
