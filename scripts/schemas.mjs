import { z } from 'zod';

/**
 * The texts of `schemas/*.schema.json`, made from the schemas that read the files themselves.
 * @param nonn the library's door: every room under its name.
 */
export function schemaTexts(nonn) {
  const schemas = {
    'device-profile': nonn.device.profileSchema,
    'plan-file': nonn.plan.planFileSchema,
    scenario: nonn.scenario.scenarioSchema,
    baseline: nonn.gate.baselineSchema,
    experiment: nonn.learn.experimentSchema,
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [`${name}.schema.json`, textOf(name, schema)]),
  );
}

/** What a person may write, before defaults and units are read; what JSON Schema cannot say, nonn still checks. */
function textOf(name, schema) {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'ref' });
  const document = { $schema, $id: `${name}.schema.json`, title: `nonn ${name.replace('-', ' ')}`, ...rest };
  return `${JSON.stringify(document, null, 2)}\n`;
}
