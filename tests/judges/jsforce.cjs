"use strict";
// Ordinary work of jsforce on an organisation over plain http; what it read goes out as one JSON object.
const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");
const jsforce = createRequire(process.env.JUDGES + "/")("jsforce");

const job = JSON.parse(readFileSync(0, "utf8"));

async function refusal(work) {
  try {
    await work();
    return null;
  } catch (error) {
    return { code: error.errorCode || error.name, message: error.message };
  }
}

function batches(size) {
  return { "Sforce-Query-Options": `batchSize=${size}` };
}

async function pages(connection, statement, batch) {
  const sizes = [];
  const records = [];
  let page = await connection.query(statement, { headers: batches(batch) });
  for (;;) {
    sizes.push(page.records.length);
    records.push(...page.records);
    if (page.done) return { total: page.totalSize, sizes, records };
    page = await connection.queryMore(page.nextRecordsUrl);
  }
}

async function main() {
  const connection = new jsforce.Connection({
    version: job.version,
    oauth2: { loginUrl: job.base, clientId: job.client_id },
    maxRequest: 4,
  });
  const identity = await connection.authorize({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: job.assertion,
  });
  const reports = connection.analytics;
  const report = reports.report(job.report);
  const run = (metadata) => report.execute({ details: true, metadata: { reportMetadata: metadata } });
  const described = await report.describe();
  const types = await connection.requestGet(`/services/data/v${job.version}/analytics/reportTypes`);
  const offered = types.flatMap((group) => group.reportTypes);
  const type = offered.find((one) => one.type === described.reportMetadata.reportType.type);
  const asynchronous = await report.executeAsync({ details: true });
  const stranger = new jsforce.Connection({ instanceUrl: job.base, accessToken: "00D!x", version: job.version });
  return {
    identity,
    instance: connection.instanceUrl,
    users: await pages(connection, job.users, 200),
    fetched: (await connection.query(job.users, { autoFetch: true, maxFetch: 10000, headers: batches(200) })).records,
    built: await connection
      .sobject("User")
      .find({ Email: job.email, IsActive: { $in: [true, false] } }, ["Id", "Name", "Profile.Name"])
      .sort({ Name: 1 })
      .limit(5),
    tooling: (await connection.tooling.query("SELECT EndpointUrl, IsActive FROM RemoteProxy")).records,
    describe: await connection.sobject("User").describe(),
    objects: (await connection.describeGlobal()).sobjects.map((one) => one.name),
    limits: await connection.limits(),
    usage: connection.limitInfo,
    reports: await reports.reports(),
    types,
    type: await connection.requestGet(type.describeUrl),
    described,
    plain: await report.execute({ details: true }),
    counted: await report.execute({ details: false }),
    dated: await run({ standardDateFilter: job.dates }),
    filtered: await run({
      standardDateFilter: job.dates,
      reportFilters: [{ column: job.type_column, operator: "equals", value: job.type_value }],
    }),
    instance_of_run: await report.instance(asynchronous.id).retrieve(),
    instances: await report.instances(),
    refusals: {
      field: await refusal(() => connection.query("SELECT Nothing FROM User")),
      query: await refusal(() => connection.query("SELECT Id FROM User WHERE")),
      object: await refusal(() => connection.sobject("Nothing").describe()),
      locator: await refusal(() => connection.queryMore(`/services/data/v${job.version}/query/01gNothing-200`)),
      report: await refusal(() => reports.report("00O000000000009AAA").describe()),
      filter: await refusal(() => run({ reportFilters: [{ column: job.type_column, operator: "near", value: "x" }] })),
      session: await refusal(() => stranger.limits()),
      login: await refusal(() =>
        new jsforce.Connection({ oauth2: { loginUrl: job.base } }).authorize({
          grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
          assertion: job.assertion.slice(0, -8) + "AAAAAAAA",
        })
      ),
    },
  };
}

main().then(
  (found) => process.stdout.write(JSON.stringify(found)),
  (error) => {
    process.stderr.write(String(error.stack || error));
    process.exitCode = 1;
  }
);
