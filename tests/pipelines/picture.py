#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""picture.py FILE.svg: what is in a picture of `loudness`, one word and its
values a line: for each entry of the legend (by its first word) the number of
contiguous parts, the points, and the LUFS and the place (0 to 1 over the length)
of the first and the last point; then all texts. Fails when the file is no XML."""
import re
import sys
import xml.etree.ElementTree as xml

SVG = '{http://www.w3.org/2000/svg}'


def points_of(path):
    return [(float(x), float(y)) for x, y in
            re.findall(r'[ML](-?[\d.]+) (-?[\d.]+)', path.get('d'))]


def scale(root):
    """LUFS from y, by the labels of the axis and their lines."""
    lines = [float(p.get('d').split()[1].split('H')[0])
             for p in root.iter(SVG + 'path') if p.get('class') == 'grid']
    labels = [float(t.text.replace('\u2212', '-')) for t in root.iter(SVG + 'text')
              if t.get('class') == 'right']
    slope = (labels[-1] - labels[0]) / (lines[-1] - lines[0])
    return lambda y: labels[0] + (y - lines[0]) * slope


def names(root):
    """The legend: the first word of each entry by the look of its sample."""
    elements = list(root.iter())
    return {sample.get('class'): text.text.split()[0]
            for sample, text in zip(elements, elements[1:])
            if sample.tag == SVG + 'path' and sample.get('transform')}


def main():
    root = xml.parse(sys.argv[1]).getroot()
    axis = next(p for p in root.iter(SVG + 'path') if p.get('class') == 'axis'
                and 'V' in p.get('d'))
    left, right = (float(re.search(r, axis.get('d')).group(1))
                   for r in (r'M([\d.]+)', r'H([\d.]+)'))
    lufs, name = scale(root), names(root)
    for path in root.iter(SVG + 'path'):
        look, points = path.get('class'), points_of(path)
        if look not in name or path.get('transform') or not points:
            continue
        places = [(x - left) / (right - left) for x, _ in (points[0], points[-1])]
        levels = [lufs(y) for _, y in (points[0], points[-1])]
        print(name[look], path.get('d').count('M'), len(points),
              '%.2f %.2f' % tuple(levels), '%.3f %.3f' % tuple(places))
    for text in root.iter(SVG + 'text'):
        print('text', ''.join(text.itertext()))


main()
