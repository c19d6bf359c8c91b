"""The four languages say the same things."""
import json
import pathlib
import re
import unittest

ASSETS = pathlib.Path(__file__).parent.parent.parent / "Sources" / "WebConsole" / "Assets"
LANGUAGES = ("en", "it", "de", "pl")
# Words that are the same in several languages: units, names and signs.
SAME = re.compile(r"^[\W\d]*$")


def words(language):
    def once(pairs):
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys)), f"{language}.json: a key stands twice"
        return dict(pairs)

    return json.loads((ASSETS / f"{language}.json").read_text(encoding="utf-8"), object_pairs_hook=once)


def literal_keys():
    """The keys that the page's modules name in full, and the beginnings of those that they put together."""
    whole, begun = set(), set()
    for path in sorted(ASSETS.glob("*.js")):
        text = path.read_text(encoding="utf-8")
        whole |= set(re.findall(r"""\bt\(\s*["']([\w.]+)["']""", text))
        begun |= set(re.findall(r"\bt\(\s*`([\w.]+)\$", text))
        begun |= {group + "." for group in re.findall(r"""\bnamed\(\s*["']([\w.]+)["']""", text)}
    return whole, begun


class WordsTests(unittest.TestCase):
    def test_every_language_has_the_same_keys(self):
        wanted = set(words("en"))
        for language in LANGUAGES[1:]:
            self.assertEqual(wanted, set(words(language)), language)

    def test_every_language_has_the_same_places_for_values(self):
        english = words("en")
        for language in LANGUAGES[1:]:
            for key, text in words(language).items():
                with self.subTest(language=language, key=key):
                    self.assertEqual(
                        sorted(re.findall(r"\{\w+\}", english[key])), sorted(re.findall(r"\{\w+\}", text)))

    def test_no_text_is_empty(self):
        for language in LANGUAGES:
            for key, text in words(language).items():
                self.assertTrue(text.strip(), f"{language}: {key}")

    def test_most_words_are_translated(self):
        english = words("en")
        for language in LANGUAGES[1:]:
            texts = words(language)
            same = [key for key, text in texts.items() if text == english[key] and not SAME.match(text)]
            self.assertLess(len(same), len(texts) * 0.12, f"{language}: {sorted(same)}")

    def test_the_page_names_only_words_that_exist(self):
        known = set(words("en"))
        whole, begun = literal_keys()
        self.assertGreater(len(whole), 150)
        self.assertEqual(set(), whole - known)
        for beginning in sorted(begun):
            if beginning in ("counter.", "kind."):
                continue
            self.assertTrue(any(key.startswith(beginning) for key in known), beginning)

    def test_no_word_is_left_that_the_page_does_not_name(self):
        whole, begun = literal_keys()
        text = "".join(path.read_text(encoding="utf-8") for path in ASSETS.glob("*.js"))
        left = [key for key in words("en") if key not in whole and not any(key.startswith(one) for one in begun)
                and f'"{key}"' not in text]
        self.assertEqual([], left)


class AssetsTests(unittest.TestCase):
    def test_every_file_is_embedded_and_no_name_comes_twice(self):
        package = (ASSETS.parent.parent.parent / "Package.swift").read_text(encoding="utf-8")
        listed = re.findall(r'"([^"]+)"', re.search(r"let consoleAssets = \[(.*?)\n\]", package, re.S).group(1))
        files = sorted(path.name for path in ASSETS.iterdir())
        self.assertEqual(files, sorted(listed))
        generated = [re.sub(r"\W", "_", name) for name in files]
        self.assertEqual(len(generated), len(set(generated)))
        table = (ASSETS.parent / "ConsoleAssets.swift").read_text(encoding="utf-8")
        self.assertEqual(
            sorted(set(files) - {"index.html"}), sorted(re.findall(r'File\("([^"]+)"', table)))

    def test_modules_stay_short_and_load_nothing_from_elsewhere(self):
        for path in ASSETS.iterdir():
            text = path.read_text(encoding="utf-8")
            self.assertLess(text.count("\n"), 400 if path.suffix != ".json" else 1000, path.name)
            outside = re.findall(r"https?://(?!www\.w3\.org/2000/svg)\S+", text)
            self.assertEqual([], outside, path.name)
            for name in re.findall(r'from "\./([^"]+)"', text):
                self.assertTrue((ASSETS / name).exists(), f"{path.name}: {name}")


if __name__ == "__main__":
    unittest.main()
