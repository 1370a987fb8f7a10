"""Believable names for the practice organisation: pairs of given and family name, each pair once."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator

_GIVEN = """Aïcha Adèle Agnès Alice Amélie Anaïs Anne-Laure Antoine Aurélie Axel Baptiste Bénédicte Benoît Bernard
Camille Cécile Céline Chloé Clémence Colette Cyril Damien Delphine Edwige Élodie Émile Éric Étienne Fabien Fanny Flore
François Françoise Gaël Gaëlle Geneviève Gérard Grégoire Guillaume Hélène Hervé Hugo Inès Irène Jean-Baptiste
Jean-Luc Jérôme Joëlle Julien Karim Laëtitia Léa Léon Loïc Lucie Maëlys Marie-Ève Mathéo Maxime Mélanie Nadège Naïm
Noémie Océane Olivier Pascale Quentin Raphaël Régis Rémi Romane Salomé Sébastien Sofiane Solène Stéphane Sylvie
Thaïs Théo Valérie Véronique Yannick Yaël Zoé Abigail Aidan Bridget Charlotte Declan Eleanor Fiona Graham Harriet
Ian Jack Kieran Liam Maeve Nigel Oliver Poppy Rory Siobhán Tamsin Wesley Ángel Björn Çağla Dmitri Eşref Frédérique
Giulia Håkon Ingrid Jürgen Kōji Łukasz Mei Nguyên Olivér Paweł Søren Tomáš Ümit Vicente Xiomara Yūki Zsófia"""

_FAMILY = """Abadie Allard Aubert Barbier Baudry Béranger Bertin Besnard Blanchard Bonnet Boucher Bréchet Brûlé Caron
Chauvet Chevalier Chrétien Colas Cordier Coulon D'Amico D'Aubigné Da-Silva Dejean Delacroix Delattre Descôteaux
Dubois-Martin Duchêne Dupré Évrard Fabre Faucher Ferrand Février Fournier Françoix Gaillard Garnier Gauthier Géraud
Girard Grégoire Guérin Guilloux Hamon Hébert Hénault Huguet Jacquet Joly L'Hermite L'Huillier Labbé Lacôte Lafitte
Lambert Langlois Le-Goff Lefèbvre Lemaître Léger Lévêque Maillard Maréchal Martel Méunier Millet Monnier Morvan Naël
Nicolaï Noël Ollivier Pâris Pelletier Perrin-Lachaud Pétin Picard Poirier Prévost Quéré Rénier Rivière Rocher
Saint-Aubin Sénéchal Tanguy Teissier Thévenot Tréhet Vasseur Verdier Vidal Vignon Zaoui Ashworth Birtwistle Clarke
Dunne Eastwood Fletcher Gallagher Hargreaves Ingham Kavanagh Lockwood MacAllister Nolan O'Brien O'Sullivan Pemberton
Quigley Rowntree Sheridan Thackeray Underwood Whitaker Ångström Bjørnsen Çelik Dvořák Eriksen Fernández González
Hashimoto Ibáñez Jiménez Kowalczyk Lindqvist Müller Núñez Østergaard Petrović Quiñones Rossi Şahin Tanaka Vũ Wójcik
Yılmaz Žižek"""

GIVEN, FAMILY = tuple(_GIVEN.split()), tuple(_FAMILY.split())
_PLAIN = str.maketrans("łøæœßđıŁØÆŒĐ", "loaasdiLOAAD")


def pairs(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Every pair of names once, shuffled; then pairs with a doubled family name, without end in practice."""
    plain = [(given, family) for given in GIVEN for family in FAMILY]
    rng.shuffle(plain)
    yield from plain
    for second in FAMILY:
        for given, family in plain:
            if family != second:
                yield given, f"{family}-{second}"


def address(given: str, family: str) -> str:
    """The part of an address before the @: plain letters, a dot between."""
    return ".".join(
        "".join(
            letter
            for letter in unicodedata.normalize("NFKD", part.translate(_PLAIN)).lower()
            if letter.isascii() and letter.isalnum()
        )
        or "x"
        for part in (given, family)
    )
