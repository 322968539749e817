// Writes ../css/tokens.css from @fluentui/tokens. Run it only when the tokens
// are raised or the accent changes; the build needs neither Node nor this file.
//
//   npm install --prefix /tmp/fluent @fluentui/tokens@1.0.0-alpha.24
//   NODE_PATH=/tmp/fluent/node_modules node tokens.mjs > ../css/tokens.css
import { createRequire } from 'node:module';
const { createLightTheme, createDarkTheme, teamsHighContrastTheme } = createRequire(import.meta.url)('@fluentui/tokens');

// The accent: an indigo ramp with the lightness steps of Fluent's own blue, so
// that the contrast Fluent promises for its brand tokens holds for ours.
const ramp = {
  10: '#0c1426', 20: '#141e3b', 30: '#1b284e', 40: '#243364', 50: '#2b3e7c', 60: '#324a95', 70: '#3852ae', 80: '#405dcb',
  90: '#5577ec', 100: '#6d90ff', 110: '#7f9fff', 120: '#8eabff', 130: '#a5beff', 140: '#bdd0ff', 150: '#d4e0fd', 160: '#ebf1fd',
};
const light = createLightTheme(ramp), dark = createDarkTheme(ramp), contrast = teamsHighContrastTheme;

// In the dark, Fluent's status backgrounds are loud; a tint of the status colour is calmer.
const mix = (theme, token, part) => {
  const parts = [theme['color' + token], theme.colorNeutralBackground2].map(hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)));
  return '#' + parts[0].map((v, i) => Math.round(v * part + parts[1][i] * (1 - part)).toString(16).padStart(2, '0')).join('');
};
const soft = token => mix(dark, token, 0.13), edge = token => mix(dark, token, 0.36);

// [our name, Fluent token in light, in dark (same token when left out), value in high contrast (Fluent's when left out)]
const colours = [
  ['fg', 'NeutralForeground1'],
  ['fg-2', 'NeutralForeground2'],
  ['fg-3', 'NeutralForeground3'],
  ['fg-off', 'NeutralForegroundDisabled'],
  ['link', 'BrandForegroundLink', 'BrandForegroundLinkHover'],
  ['accent', 'CompoundBrandForeground1', 'BrandForeground2'],
  ['on-fill', 'NeutralForegroundOnBrand'],
  ['canvas', 'NeutralBackground3', 'NeutralBackground3'],
  ['surface', 'NeutralBackground1', 'NeutralBackground2'],
  ['raised', 'NeutralBackground1'],
  ['sunken', 'NeutralBackground2', 'NeutralBackground3'],
  ['hover', 'SubtleBackgroundHover', 'NeutralBackground1', '#2b2b2b'],
  ['press', 'NeutralBackground1Selected', 'NeutralBackground1Selected', '#3d3d3d'],
  ['off', 'NeutralBackgroundDisabled'],
  ['tint', 'BrandBackground2', 'BrandBackground2', '#0a3a40'],
  ['tint-2', 'BrandBackground2Hover', 'BrandBackground2Hover', '#0f545c'],
  ['fill', 'BrandBackground', 'BrandBackground', '#1aebff'],
  ['fill-hover', 'BrandBackgroundHover', 'BrandBackgroundHover', '#ffffff'],
  ['fill-press', 'BrandBackgroundPressed', 'BrandBackgroundPressed', '#ffffff'],
  ['hair', 'NeutralStroke4', 'NeutralStroke4Hover'],
  ['line', 'NeutralStroke2', 'NeutralStroke3'],
  ['line-2', 'NeutralStroke1'],
  ['line-3', 'NeutralStrokeAccessible'],
  ['focus', 'CompoundBrandStroke', 'StrokeFocus2'],
  ['shade', 'BackgroundOverlay', 'BackgroundOverlay', 'rgba(0, 0, 0, 0.8)'],
  ['shadow-a', 'NeutralShadowAmbient'],
  ['shadow-k', 'NeutralShadowKey'],
  ['ok', 'StatusSuccessForeground1'], ['ok-bg', 'StatusSuccessBackground1', soft('StatusSuccessForeground1'), '#000000'], ['ok-line', 'StatusSuccessBorder1', edge('StatusSuccessForeground1')],
  ['warn', 'StatusWarningForeground1'], ['warn-bg', 'StatusWarningBackground1', soft('StatusWarningForeground1'), '#000000'], ['warn-line', 'StatusWarningBorder1', edge('StatusWarningForeground1')],
  ['bad', 'StatusDangerForeground1', 'PaletteRedForeground1'], ['bad-bg', 'StatusDangerBackground1', soft('PaletteRedForeground1'), '#000000'], ['bad-line', 'StatusDangerBorder1', edge('PaletteRedForeground1')],
  ['bad-fill', 'StatusDangerBackground3', 'StatusDangerBackground3', '#ffffff'], ['bad-fill-2', 'StatusDangerBackground3Hover', 'StatusDangerBackground3Hover', '#1aebff'],
  ['note', 'BrandForeground2'], ['note-bg', 'BrandBackground2', soft('BrandForeground2'), '#000000'], ['note-line', 'BrandStroke2', edge('BrandForeground2'), '#ffffff'],
  ['key', 'PaletteBerryForeground1'], ['key-bg', 'PaletteBerryBackground1', soft('PaletteBerryForeground1'), '#000000'], ['key-line', 'PaletteBerryBackground2', edge('PaletteBerryForeground1'), '#ffffff'],
  ['s1', 'BrandBackground', 'BrandForeground1', '#1aebff'],
  ['s2', 'PaletteTealBorderActive', 'PaletteTealBorderActive', '#ffff00'],
  ['s3', 'PaletteMarigoldBorderActive', 'PaletteMarigoldBorderActive', '#3ff23f'],
  ['s4', 'PaletteBerryBorderActive', 'PaletteBerryBorderActive', '#ffffff'],
  ['s5', 'PaletteDarkOrangeBorderActive', 'PaletteDarkOrangeBorderActive', '#ff9bff'],
  ['s6', 'NeutralStrokeAccessible', 'NeutralStrokeAccessible', '#b3b3b3'],
];
// Sizes keep Fluent's values, in rem so that a reader's own text size counts.
const rem = px => parseFloat(px) / 16 + 'rem';
const sizes = [
  ['text-1', light.fontSizeBase200], ['text-2', light.fontSizeBase300], ['text-3', light.fontSizeBase400],
  ['text-4', light.fontSizeBase500], ['text-5', light.fontSizeBase600], ['text-6', light.fontSizeHero700],
].map(([name, px]) => [name, rem(px)]);
const others = [
  ['gap-1', light.spacingHorizontalXS], ['gap-2', light.spacingHorizontalS], ['gap-3', light.spacingHorizontalM], ['gap-4', light.spacingHorizontalL],
  ['gap-5', light.spacingHorizontalXXL], ['gap-6', light.spacingHorizontalXXXL],
  ['radius', light.borderRadiusLarge], ['radius-2', light.borderRadiusXLarge], ['radius-3', light.borderRadius2XLarge],
  ['fast', light.durationFaster], ['normal', light.durationNormal], ['ease', light.curveDecelerateMid],
  ['mono', "ui-monospace, 'Cascadia Mono', " + light.fontFamilyMonospace.replace("Consolas, ", "Consolas, 'Liberation Mono', ")],
];

const line = ([name, value]) => `  --${name}: ${value};`;
const of = (theme, token) => {
  const value = token.startsWith('#') ? token : theme['color' + token];
  if (!value) throw new Error('no Fluent token ' + token);
  return value;
};
console.log(`/* Written by gen/tokens.mjs from @fluentui/tokens 1.0.0-alpha.24 (MIT); do not edit. */
:root {
  color-scheme: light dark;
${[...sizes, ...others].map(line).join('\n')}
${colours.map(([name, l, d]) => line([name, `light-dark(${of(light, l)}, ${of(dark, d ?? l)})`])).join('\n')}
}

:root[data-theme="light"] { color-scheme: light; }

:root[data-theme="dark"] { color-scheme: dark; }

:root[data-theme="contrast"] {
  color-scheme: dark;
${colours.map(([name, l, , c]) => line([name, c ?? of(contrast, l)])).join('\n')}
}`);
