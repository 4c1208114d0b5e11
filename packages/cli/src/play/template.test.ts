import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { WrongUse } from '../problem.ts';
import { folderWith } from '../program.fixture.ts';
import { findTemplate, homeOf } from './template.ts';

test('no template, no such file, and more than one are told', () => {
  const folder = folderWith({ 'other.yaml': '' });
  expect(() => findTemplate(undefined, folder)).toThrow(
    /^There is no template in .*Looked for template\.yaml,/,
  );
  expect(() => findTemplate('gone.yaml', folder)).toThrow(new WrongUse('There is no gone.yaml.'));
  mkdirSync(join(folder, 'cdk.out'));
  for (const name of ['B', 'A']) writeFileSync(join(folder, 'cdk.out', `${name}.template.json`), '{}');
  expect(() => findTemplate('.', folder)).toThrow(
    'There are 2 templates; name one of cdk.out/A.template.json, cdk.out/B.template.json.',
  );
});

test('a file is taken as it is, in a folder the first that is there', () => {
  const folder = folderWith({ 'other.yaml': '' });
  expect(findTemplate('other.yaml', folder)).toBe(join(folder, 'other.yaml'));
  for (const [inside, name] of [
    ['.serverless', 'cloudformation-template-update-stack.json'],
    ['cdk.out', 'Shop.template.json'],
    ['.', 'template.json'],
    ['.', 'template.yml'],
    ['.', 'template.yaml'],
  ] as const) {
    mkdirSync(join(folder, inside), { recursive: true });
    const file = join(folder, inside, name);
    writeFileSync(file, '{}');
    expect(findTemplate(undefined, folder)).toBe(file);
    expect(findTemplate(inside, folder)).toBe(file);
  }
  writeFileSync(join(folder, 'cdk.out', 'ShopInner.nested.template.json'), '{}');
  expect(findTemplate('cdk.out', folder)).toBe(join(folder, 'cdk.out', 'Shop.template.json'));
});

test('the home of an app is past what tools write into', () => {
  expect(homeOf('/shop/template.yaml')).toBe('/shop');
  expect(homeOf('/shop/cdk.out/Shop.template.json')).toBe('/shop');
  expect(homeOf('/shop/.aws-sam/build/template.yaml')).toBe('/shop');
});
