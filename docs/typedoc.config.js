import { readFileSync } from 'node:fs';

import { Converter, ReflectionKind } from 'typedoc';

const packages = ['handlersmith', 'testing', 'local', 'cli'];

/** Source file of each public entry and the name users import it by, read from the packages' own `exports`. */
const entries = packages.flatMap((folder) => {
  const manifest = new URL(`../packages/${folder}/package.json`, import.meta.url);
  const { name, exports } = JSON.parse(readFileSync(manifest, 'utf8'));
  return Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([entry, target]) => ({
      file: `${folder}/${target['@handlersmith/source'].slice(2)}`,
      importedAs: `${name}${entry.slice(1)}`,
    }));
});

/** Modules are called what users import; TypeDoc calls them after their file. */
function namedAsImported(app) {
  const names = new Map(
    entries.map(({ file, importedAs }) => [file.replace(/(\/index)?\.ts$/, ''), importedAs]),
  );
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const module of context.project.getReflectionsByKind(ReflectionKind.Module)) {
      module.name = names.get(module.name) ?? module.name;
    }
  });
}

/** @type {import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions} */
export default {
  plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme', namedAsImported],
  entryPoints: entries.map(({ file }) => `../packages/${file}`),
  tsconfig: 'tsconfig.api.json',
  out: 'api',
  docsRoot: '.',
  readme: 'none',
  name: 'Reference',
  sortEntryPoints: false,
  validation: { notExported: true, invalidLink: true, notDocumented: false },
  treatWarningsAsErrors: true,
  disableGit: true,
  disableSources: true,
  // What a class inherits from Powertools is documented there.
  excludeExternals: true,
  externalSymbolLinkMappings: {
    '@aws-lambda-powertools/logger': {
      '*': 'https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/',
    },
  },
  // Properties of options as tables, signatures as code.
  interfacePropertiesFormat: 'table',
  parametersFormat: 'table',
  tableColumnSettings: { hideInherited: true, hideModifiers: true, hideOverrides: true, hideSources: true },
  useCodeBlocks: true,
  expandParameters: true,
};
