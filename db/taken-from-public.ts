/**
 * Functions of PostgreSQL itself that any role may call by default and the product does not use: they fill the disk
 * outside of tables, or hold a lock that blocks others.
 */
export const TAKEN_FROM_PUBLIC = [
  ...['lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lo_open', 'lowrite', 'lo_truncate'],
  ...['lo_truncate64', 'lo_unlink', 'lo_import', 'lo_export'],
  ...['pg_advisory_lock', 'pg_advisory_lock_shared', 'pg_try_advisory_lock'],
  ...['pg_try_advisory_lock_shared', 'pg_advisory_xact_lock', 'pg_advisory_xact_lock_shared'],
  ...['pg_try_advisory_xact_lock', 'pg_try_advisory_xact_lock_shared'],
] as const;
