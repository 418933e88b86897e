import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { loggedEvents } from './support/logged-events.js';
import { startService, type TestMember, type TestService } from './support/service.js';

const CREATE = `mutation ($input: CreateMemberInput!) { createMember(input: $input) { member { id name role skills } } }`;
const UPDATE = `mutation ($input: UpdateMemberInput!) { updateMember(input: $input) { member { id name role skills deactivatedAt } } }`;

let service: TestService;
let admin: TestMember;
beforeAll(async () => {
  service = await startService();
  admin = await service.member({ role: Role.ADMIN, name: 'Ada' });
});
afterAll(() => service?.stop());

const refusal = async (token: string, query: string, input: object) =>
  (await service.ask(token, query, { input })).errors?.[0]?.extensions.code;

test('an admin makes a member, changes them, and each change is in the log with who made it', async () => {
  const input = { name: 'Grace Hopper', role: 'REVIEWER', skills: ['german', 'law', 'german'] };
  const { createMember } = await service.do(admin.token, CREATE, { input });
  expect(createMember.member).toMatchObject({ ...input, skills: ['german', 'law'] });
  const memberId = createMember.member.id;
  const { updateMember } = await service.do(admin.token, UPDATE, { input: { memberId, role: 'MANAGER' } });
  expect(updateMember.member).toEqual({
    id: memberId,
    name: 'Grace Hopper',
    role: 'MANAGER',
    skills: ['german', 'law'],
    deactivatedAt: null,
  });
  const { members } = await service.do(admin.token, '{ members { name role } }');
  expect(members).toEqual([
    { name: 'Ada', role: 'ADMIN' },
    { name: 'Grace Hopper', role: 'MANAGER' },
  ]);
  const saved = await loggedEvents(service, 'MEMBER_SAVED');
  expect(saved).toEqual([
    { actor: `member:${admin.id}`, data: { memberId, name: 'Grace Hopper', role: 'REVIEWER', isActive: true } },
    { actor: `member:${admin.id}`, data: { memberId, name: 'Grace Hopper', role: 'MANAGER', isActive: true } },
  ]);
});

test('a name is taken once, and a member of another project is not there', async () => {
  expect(await refusal(admin.token, CREATE, { name: 'Ada', role: 'VIEWER' })).toBe('INVALID_INPUT');
  const other = await service.member();
  expect(await refusal(admin.token, UPDATE, { memberId: other.id, name: 'Ada' })).toBe('INVALID_INPUT');
  const [project] = await service.sql(`INSERT INTO project (key, name) VALUES ('other', 'Other') RETURNING id`);
  await service.sql(
    `INSERT INTO member (project_id, id, name, role) VALUES ($1, '0198a6f0-0000-7000-8000-00000000000a', 'Eve', 'VIEWER')`,
    [project?.id],
  );
  const stranger = { memberId: '0198a6f0-0000-7000-8000-00000000000a', role: 'ADMIN' };
  expect(await refusal(admin.token, UPDATE, stranger)).toBe('NOT_FOUND');
});

test('the last admin stays, whoever is asked to remove them and how', async () => {
  expect(await refusal(admin.token, UPDATE, { memberId: admin.id, role: 'VIEWER' })).toBe('INVALID_INPUT');
  expect(await refusal(admin.token, UPDATE, { memberId: admin.id, isActive: false })).toBe('INVALID_INPUT');
  const before = (await loggedEvents(service, 'MEMBER_SAVED')).length;
  expect(await service.do(admin.token, '{ viewer { role } }')).toEqual({ viewer: { role: 'ADMIN' } });
  expect((await loggedEvents(service, 'MEMBER_SAVED')).length).toBe(before);
});

test('two admins who remove each other at once leave one of them', async () => {
  for (let round = 0; round < 5; round += 1) {
    const one = await service.member({ role: Role.ADMIN });
    const two = await service.member({ role: Role.ADMIN });
    await service.sql(`UPDATE member SET role = 'VIEWER' WHERE role = 'ADMIN' AND NOT id = ANY ($1)`, [
      [one.id, two.id],
    ]);
    const demote = (by: TestMember, whom: TestMember) =>
      service.ask(by.token, UPDATE, { input: { memberId: whom.id, isActive: false } });
    await Promise.all([demote(one, two), demote(two, one)]);
    const [row] = await service.sql(
      `SELECT count(*)::int AS left FROM member WHERE role = 'ADMIN' AND deactivated_at IS NULL AND project_id = $1`,
      [service.projectId],
    );
    expect(row).toEqual({ left: 1 });
  }
});
