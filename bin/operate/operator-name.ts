/**
 * Name of the operator in the audit: the number of the operating system's user, behind sudo that of the person. It
 * identifies them without a name. `SUDO_UID` is read for root only, because anyone else could have set it.
 */
export function operatorName(
  environment: Readonly<Record<string, string | undefined>>,
  uid: number | undefined,
): string {
  const user = (uid === 0 ? environment.SUDO_UID : undefined) ?? String(uid ?? 0);
  return /^\d{1,10}$/.test(user) ? `operate/${user}` : 'operate';
}
