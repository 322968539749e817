// The Graph client for JavaScript against an installation, with nothing changed but
// the address. A test of the server starts this one and says in the environment where
// it is; under /approve it answers as the customer does in the portal, and under /work
// it does at once what a job does in a moment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, GraphError, PageIterator } from '@microsoft/microsoft-graph-client';

const env = name => process.env[`COMPTOIR_${name}`] ?? assert.fail(`COMPTOIR_${name} is not set`);
const origin = env('ORIGIN'), customer = env('CUSTOMER'), group = env('GROUP');
const reader = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451', support = 'f023fd81-a637-4b56-95fd-791ac0226033';
const set = '/tenantRelationships/delegatedAdminRelationships';

const clients = Object.fromEntries(['v1.0', 'beta'].map(version => [version, Client.initWithMiddleware({
  baseUrl: `${origin}/`, defaultVersion: version, customHosts: new Set([new URL(origin).hostname]),
  authProvider: { getAccessToken: async () => env('TOKEN') },
})]));

const wish = displayName => ({
  displayName, duration: 'P730D', autoExtendDuration: 'PT0S', customer: { tenantId: customer, displayName: 'Fjällbageri' },
  accessDetails: { unifiedRoles: [{ roleDefinitionId: reader }, { roleDefinitionId: support }] },
});

const aside = async path => assert.equal((await fetch(`${origin}${path}`, { method: 'POST' })).status, 204);

const refused = (status, code) => error => {
  assert.ok(error instanceof GraphError, `${error}`);
  assert.equal(error.statusCode, status);
  assert.equal(error.code, code);
  assert.ok(error.requestId);
  assert.ok(error.message);
  return true;
};

for (const [version, client] of Object.entries(clients)) {
  const one = id => client.api(`${set}/${id}`);
  const sub = (id, path) => client.api(`${set}/${id}/${path}`);

  test(`${version}: a relationship from the request to its end`, async () => {
    const made = await client.api(set).post(wish(`Drift ${version}`));
    assert.equal(made.status, 'created');
    assert.equal(made.duration, 'P730D');
    await assert.rejects(client.api(set).post(wish(`Drift ${version}`)), refused(409, 'conflict'));

    const named = await one(made.id).header('If-Match', made['@odata.etag']).patch({ displayName: `Support ${version}` });
    assert.equal(named.displayName, `Support ${version}`);
    await assert.rejects(one(made.id).header('If-Match', made['@odata.etag']).patch({ displayName: 'late' }), refused(412, 'preconditionFailed'));
    await assert.rejects(one(made.id).header('If-Match', made['@odata.etag']).delete(), refused(412, 'preconditionFailed'));

    const asked = await sub(made.id, 'requests').post({ action: 'lockForApproval' });
    assert.equal(asked.action, 'lockForApproval');
    assert.equal((await sub(made.id, `requests/${asked.id}`).get()).id, asked.id);
    assert.equal((await one(made.id).get()).status, 'approvalPending');
    await assert.rejects(one(made.id).delete(), refused(409, 'conflict'));
    await aside(`/approve/${made.id}`);
    const active = await one(made.id).get();
    assert.equal(active.status, 'active');
    assert.equal(active.customer.tenantId, customer);
    assert.ok(new Date(active.endDateTime) > new Date(active.activatedDateTime));

    const container = { accessContainerId: group, accessContainerType: 'securityGroup' };
    const assigned = await sub(made.id, 'accessAssignments').post({ accessContainer: container, accessDetails: { unifiedRoles: [{ roleDefinitionId: reader }] } });
    assert.equal(assigned.status, 'pending');
    await aside('/work');
    const now = await sub(made.id, `accessAssignments/${assigned.id}`).get();
    assert.equal(now.status, 'active');
    const roles = { accessDetails: { unifiedRoles: [{ roleDefinitionId: reader }, { roleDefinitionId: support }] } };
    await assert.rejects(sub(made.id, `accessAssignments/${assigned.id}`).header('If-Match', assigned['@odata.etag']).patch(roles), refused(412, 'preconditionFailed'));
    await sub(made.id, `accessAssignments/${assigned.id}`).header('If-Match', now['@odata.etag']).patch(roles);
    await aside('/work');
    const { value: operations } = await sub(made.id, 'operations').get();
    assert.deepEqual(operations.map(o => o.status), ['succeeded']);
    const { value: assignments } = await sub(made.id, 'accessAssignments').get();
    assert.equal(assignments[0].accessDetails.unifiedRoles.length, 2);
    await sub(made.id, `accessAssignments/${assigned.id}`).header('If-Match', assignments[0]['@odata.etag']).delete();

    const extended = await one(made.id).header('If-Match', active['@odata.etag']).patch({ autoExtendDuration: 'P180D' });
    assert.equal(extended.autoExtendDuration, 'P180D');
    const served = await client.api(`/tenantRelationships/delegatedAdminCustomers/${customer}`).get();
    assert.equal(served.tenantId, customer);

    await sub(made.id, 'requests').post({ action: 'terminate' });
    assert.equal((await one(made.id).get()).status, 'terminated');
    await assert.rejects(one('nobody').get(), refused(404, 'Request_ResourceNotFound'));
  });

  test(`${version}: pages and filters`, async () => {
    for (let n = 0; n < 7; n++) await client.api(set).post(wish(`Many ${version} ${n}`));
    const first = await client.api(set).filter(`startswith(displayName,'Many ${version}')`).top(3).count(true).get();
    assert.equal(first['@odata.count'], 7);
    assert.equal(first.value.length, 3);
    assert.ok(first['@odata.nextLink'].startsWith(`${origin}/${version}/`));
    const names = [];
    await new PageIterator(client, first, r => { names.push(r.displayName); return true; }).iterate();
    assert.equal(new Set(names).size, 7);
    const { value } = await client.api(set).filter(`customer/tenantId eq '${customer}' and status eq 'created'`).select('id,status').get();
    assert.ok(value.length >= 7);
    assert.deepEqual([...new Set(value.flatMap(Object.keys))].filter(k => !k.startsWith('@')).sort(), ['id', 'status']);
    await assert.rejects(client.api(set).filter('colour eq 1').get(), refused(400, 'badRequest'));
  });
}
