-- Layouts of closing files (ファイル形式) that a utility makes for itself. Each change is a version of its own, so that a file
-- can be written again byte for byte; the files of runs note with which version they were written.

create table closing_layout (
  utility_id integer not null references utility,
  layout_id integer not null generated always as identity,
  name text not null check (name ~ '^[^[:cntrl:]]{1,40}$' and btrim(name) = name),
  version integer not null check (version > 0),
  removed_at timestamptz,
  primary key (utility_id, layout_id)
);
create unique index closing_layout_name on closing_layout (utility_id, name) where removed_at is null;
comment on table closing_layout is 'A layout of closing files that the utility made. One that was removed is offered no more, and its versions stay.';
comment on column closing_layout.name is 'What people choose it by; of those that are not removed no two have the same.';
comment on column closing_layout.version is 'The latest version, from 1.';
comment on column closing_layout.removed_at is 'Since when it is removed; null: it is offered.';

create table closing_layout_version (
  utility_id integer not null,
  layout_id integer not null,
  version integer not null check (version > 0),
  name text not null,
  body json not null check (octet_length(body::text) <= 200000),
  made_by text not null,
  made_name text not null,
  made_at timestamptz not null,
  primary key (utility_id, layout_id, version),
  foreign key (utility_id, layout_id) references closing_layout (utility_id, layout_id)
);
comment on table closing_layout_version is 'A version of a layout: what files are written with. Never changed.';
comment on column closing_layout_version.name is 'The name of the layout in this version.';
comment on column closing_layout_version.body is 'Columns and how values are written, as LayoutBody (lib/layouts/layout.ts) has them.';
comment on column closing_layout_version.made_by is 'Actor as kind:id, as in the audit.';
comment on column closing_layout_version.made_name is 'Display name of the person, or name of the command, as it was then.';

create trigger refuse_change before update or delete on closing_layout_version for each statement execute function refuse_closing_change();

alter table closing_run_file add column layout_id integer, add column layout_version integer,
  add foreign key (utility_id, layout_id, layout_version) references closing_layout_version (utility_id, layout_id, version),
  add check ((layout_id is null) = (layout_version is null) and (layout_id is null) = (format <> 'layout'));
comment on column closing_run_file.layout_id is 'The utility''s own layout, for the format layout; with layout_version its version.';

do $$
declare t text;
begin
  foreach t in array array['closing_layout', 'closing_layout_version'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I to kenshin_app, kenshin_web using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
    execute format('create policy register on %I to kenshin_register using (utility_id = (select current_utility_id())) with check (utility_id = (select current_utility_id()))', t);
  end loop;
end $$;

create function layout_actor(given text, out doer text, out doer_name text)
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare person text := sealed_actor();
begin
  if current_utility_id() is null then
    raise insufficient_privilege using message = 'no utility is set';
  end if;
  doer := given;
  doer_name := regexp_replace(given, '^[a-z]+:', '');
  -- A command of the operator, which serves any utility and names itself.
  if person is null then return; end if;
  select a.display_name into doer_name from account a
  where a.utility_id = current_utility_id() and 'staff:' || a.account_id = person and a.role in ('admin', 'billing') and a.disabled_at is null;
  if given is distinct from person or not found then
    raise insufficient_privilege using message = format('%s may not change layouts of closing files', person);
  end if;
end $$;
comment on function layout_actor is 'The actor that changes layouts: of a session its own person, who has to be an administrator or of billing. No key changes them.';

create function save_closing_layout(layout_id integer, version integer, name text, body json, made_at timestamptz, actor text,
                                    out saved_id integer)
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  act record := layout_actor(save_closing_layout.actor);
begin
  if save_closing_layout.layout_id is null then
    insert into closing_layout as l (utility_id, name, version) values (tenant, save_closing_layout.name, 1)
    returning l.layout_id into saved_id;
  else
    update closing_layout l set name = save_closing_layout.name, version = save_closing_layout.version + 1
    where l.utility_id = tenant and l.layout_id = save_closing_layout.layout_id and l.version = save_closing_layout.version
      and l.removed_at is null
    returning l.layout_id into saved_id;
    if not found then
      raise check_violation using constraint = 'closing_layout_latest', message = 'the layout was changed or removed meanwhile';
    end if;
  end if;
  insert into closing_layout_version (utility_id, layout_id, version, name, body, made_by, made_name, made_at)
  select tenant, l.layout_id, l.version, l.name, save_closing_layout.body, act.doer, act.doer_name, save_closing_layout.made_at
  from closing_layout l where l.utility_id = tenant and l.layout_id = saved_id;
  insert into audit (utility_id, actor, act, subject, detail)
  select tenant, act.doer, 'closing-layout.saved', 'closing-layout:' || l.layout_id, jsonb_build_object('name', l.name, 'version', l.version)
  from closing_layout l where l.utility_id = tenant and l.layout_id = saved_id;
end $$;
comment on function save_closing_layout is 'Stores a new layout, or the next version of one whose latest version is the given one; writes the audit.';

create function remove_closing_layout(layout_id integer, removed_at timestamptz, actor text) returns void
  language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  tenant integer := current_utility_id();
  act record := layout_actor(remove_closing_layout.actor);
begin
  update closing_layout l set removed_at = remove_closing_layout.removed_at
  where l.utility_id = tenant and l.layout_id = remove_closing_layout.layout_id
    and (l.removed_at is null) = (remove_closing_layout.removed_at is not null);
  if not found then
    raise check_violation using constraint = 'closing_layout_offered', message = 'the layout is not there, or is so already';
  end if;
  insert into audit (utility_id, actor, act, subject, detail)
  select tenant, act.doer, case when l.removed_at is null then 'closing-layout.restored' else 'closing-layout.removed' end,
    'closing-layout:' || l.layout_id, jsonb_build_object('name', l.name, 'version', l.version)
  from closing_layout l where l.utility_id = tenant and l.layout_id = remove_closing_layout.layout_id;
end $$;
comment on function remove_closing_layout is 'Removes a layout from those that are offered, or with a null instant offers it again; writes the audit.';

grant create on schema public to kenshin_register;
alter function layout_actor owner to kenshin_register;
alter function save_closing_layout owner to kenshin_register;
alter function remove_closing_layout owner to kenshin_register;
revoke create on schema public from kenshin_register;
revoke execute on function layout_actor, save_closing_layout, remove_closing_layout from public;
