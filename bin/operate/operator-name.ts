/**
 * The person at the command line as the audit names them: by the number of the operating system's user, also behind sudo.
 * Enough to find out who it was, and no name in the audit. Only root is asked who it was before: sudo makes a root of a
 * person and tells whom, and anybody else could have set the variable.
 */
export function operatorName(
  environment: Readonly<Record<string, string | undefined>>,
  uid: number | undefined,
): string {
  const user = (uid === 0 ? environment.SUDO_UID : undefined) ?? String(uid ?? 0);
  return /^\d{1,10}$/.test(user) ? `operate/${user}` : 'operate';
}
