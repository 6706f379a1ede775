import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { certain } from '../certain.ts';

/** Head of a utility's audit chain. Kept elsewhere, it proves later that nothing before it was cut off or rewritten. */
export interface AuditHead {
  auditId: number;
  /** SHA-256, hex. */
  hash: string;
}

type AuditFault = 'gap' | 'unlinked' | 'altered' | 'cut-off';

export interface AuditVerdict {
  /** Rows checked. */
  checked: number;
  /** The last row; undefined for an empty chain. */
  head: AuditHead | undefined;
  /**
   * The first row at which the chain breaks: `gap`: ids do not follow each other; `unlinked`: the row does not name its
   * predecessor's hash; `altered`: the row's own text does not give its hash; `cut-off`: a known head is missing or
   * differs.
   */
  broken: { auditId: number; fault: AuditFault } | undefined;
}

interface VerdictRow {
  checked: number;
  head: AuditHead | null;
  broken: { auditId: number; fault: AuditFault } | null;
  known_hash: string | null;
}

/** Recomputes a utility's whole audit chain. @param known a head from an earlier verdict. */
export async function verifyAuditChain(
  db: ReadDb,
  utilityId: number,
  known?: AuditHead,
): Promise<AuditVerdict> {
  const { rows } = await verdictRow(utilityId, known?.auditId ?? 0).execute(db);
  const { checked, head, broken, known_hash } = certain(rows[0], 'the verdict on the chain');
  const isCut = known !== undefined && known_hash !== known.hash;
  const cut = isCut ? { auditId: known.auditId, fault: 'cut-off' as const } : undefined;
  return { checked, head: head ?? undefined, broken: broken ?? cut };
}

/** Hashes the same text as the trigger `chain_audit`. */
function verdictRow(utilityId: number, knownId: number) {
  return sql<VerdictRow>`
    with checked as materialized (
      select audit_id, encode(hash, 'hex') as hash,
        case
          when audit_id <> row_number() over chain then 'gap'
          when previous_hash <> coalesce(lag(hash) over chain, '\\x'::bytea) then 'unlinked'
          when hash <> sha256(previous_hash || convert_to(concat_ws(E'\\x1f', utility_id, audit_id,
            to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), actor, act, subject, detail::text), 'UTF8'))
            then 'altered'
        end as fault
      from audit
      where utility_id = ${utilityId}
      window chain as (order by audit_id)
    )
    select
      (select count(*)::integer from checked) as checked,
      (select json_build_object('auditId', audit_id, 'hash', hash) from checked order by audit_id desc limit 1) as head,
      (select json_build_object('auditId', audit_id, 'fault', fault) from checked
       where fault is not null order by audit_id limit 1) as broken,
      (select hash from checked where audit_id = ${knownId}) as known_hash`;
}
