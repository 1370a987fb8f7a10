"use strict";
// Statements in (a JSON list on stdin), the verdicts of two parsers out: Salesforce's own grammar and Jetstream's.
const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");
const installed = createRequire(process.env.JUDGES + "/");
const { SOQLParser } = installed("@salesforce/soql-common/lib/soql-parser");
const jetstream = installed("@jetstreamapp/soql-parser-js");

const official = SOQLParser({ isApex: false, isMultiCurrencyEnabled: false, apiVersion: 60 });
// The lexer of Salesforce's grammar only prints what it cannot read, and then reports success.
let printed = [];
console.error = console.log = console.warn = (...words) => printed.push(words.join(" "));

function bySalesforce(statement) {
  printed = [];
  const result = official.parseQuery(statement);
  const said = result.getParserErrors().map((error) => error.getMessage());
  return result.getSuccess() ? printed : [...printed, ...(said.length ? said : ["not a query"])];
}

function byJetstream(statement) {
  try {
    return { complaints: [], tree: jetstream.parseQuery(statement) };
  } catch (error) {
    return { complaints: [String(error.message || error)], tree: null };
  }
}

const verdicts = JSON.parse(readFileSync(0, "utf8")).map((statement) => {
  const other = byJetstream(statement);
  return { salesforce: bySalesforce(statement), jetstream: other.complaints, tree: other.tree };
});
process.stdout.write(JSON.stringify(verdicts));
