"""Whether DuckDB, Arrow and Spark read a cohort's table as it is: CSV, JSON lines and Parquet give the same values.

check.py TABLE, the folder that `cohort merge` wrote. Python's own csv and json are the judge.
"""
import csv
import datetime
import json
import os
import pathlib
import sys
import tempfile
import time

# Before Spark's Java starts: instants are compared, not the clocks on the walls.
os.environ["TZ"] = "UTC"
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
time.tzset()

import duckdb
import pyarrow.parquet
from pyspark.sql import SparkSession

table = pathlib.Path(sys.argv[1])
problems = []


def plain(value):
    """A value as every reader can give it: the text of JSON, numbers alike whatever their type."""
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=value.tzinfo or datetime.timezone.utc).timestamp()
    if value is None or isinstance(value, (bool, str)):
        return value
    return float(value)


def instant(value):
    """A start as seconds, whether the reader took it for a text or for a time."""
    return datetime.datetime.fromisoformat(value).timestamp() if isinstance(value, str) else value


def compare(reader, names, rows):
    """Holds what a reader gives against what stands in the file of JSON lines."""
    if names != columns:
        problems.append(f"{reader}: other columns")
        return
    found = {row[0]: [plain(value) for value in row] for row in rows}
    if len(found) != len(expected):
        problems.append(f"{reader}: {len(found)} exams, {len(expected)} expected")
    for exam, values in expected.items():
        for name, value, other in zip(columns, values, found.get(exam, [])):
            if name == "startedAt":
                value, other = instant(value), instant(other)
            if value != other:
                problems.append(f"{reader}: {exam}: {name} is {other!r}, {value!r} expected")
                return
    print(f"{reader}: {len(found)} exams, {len(names)} columns, every value as it stands in exams.jsonl")


lines = [json.loads(line) for line in (table / "exams.jsonl").read_text().splitlines()]
columns = list(lines[0])
expected = {line["exam"]: [plain(value) for value in line.values()] for line in lines}
dictionary = list(csv.DictReader((table / "dictionary.csv").open(newline="")))
if [row["column"] for row in dictionary] != columns:
    problems.append("dictionary.csv: not the columns of exams.jsonl")
for row in dictionary:
    if row["kind"] == "word":
        words = {line[row["column"]] for line in lines} - {None}
        if not words <= set(row["words"].split()):
            problems.append(f"dictionary.csv: {row['column']} lacks {words - set(row['words'].split())}")

with tempfile.TemporaryDirectory() as folder:
    parquet = f"{folder}/exams.parquet"
    # The line that the documentation gives.
    duckdb.sql(f"COPY (FROM '{table}/exams.jsonl') TO '{parquet}'")
    # CSV has no types, and a version `2` would be guessed as a number: the dictionary says what each column is.
    kinds = {"whole number": "BIGINT", "number": "DOUBLE", "true or false": "BOOLEAN"}
    types = {row["column"]: kinds.get(row["kind"], "VARCHAR") for row in dictionary}
    relations = {
        "DuckDB, CSV": duckdb.read_csv(str(table / "exams.csv"), dtype=types),
        # DuckDB takes `startedAt` for a time.
        "DuckDB, JSON lines": duckdb.sql(f"FROM '{table}/exams.jsonl'"),
        "DuckDB, Parquet": duckdb.sql(f"FROM '{parquet}'"),
    }
    for name, relation in relations.items():
        compare(name, relation.columns, relation.fetchall())
    counts = duckdb.sql(
        f"SELECT zamboni_2009_verdict, count(*) FROM '{parquet}' GROUP BY ALL ORDER BY ALL").fetchall()
    print("DuckDB: zamboni_2009_verdict " + ", ".join(f"{verdict} {count}" for verdict, count in counts))
    arrow = pyarrow.parquet.read_table(parquet)
    if arrow.num_rows != len(expected) or arrow.column_names != columns:
        problems.append("Arrow: another table")
    else:
        print(f"Arrow, Parquet: {arrow.num_rows} exams, {arrow.num_columns} columns")

    spark = (SparkSession.builder.master("local[2]").appName("cohort").config("spark.ui.enabled", "false")
             .config("spark.ui.showConsoleProgress", "false").config("spark.sql.session.timeZone", "UTC")
             .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1").getOrCreate())
    spark.sparkContext.setLogLevel("ERROR")
    kinds = {"whole number": "long", "number": "double", "true or false": "boolean"}
    schema = ", ".join(f"`{row['column']}` {kinds.get(row['kind'], 'string')}" for row in dictionary)
    frames = {
        # Spark orders the columns of JSON by name and leaves out what is null everywhere: the dictionary is its schema.
        "Spark, JSON lines": spark.read.schema(schema).json(str(table / "exams.jsonl")),
        "Spark, CSV": spark.read.schema(schema).option("escape", '"').csv(str(table / "exams.csv"), header=True),
        "Spark, Parquet": spark.read.parquet(parquet),
    }
    for name, frame in frames.items():
        compare(name, frame.columns, [list(row) for row in frame.collect()])
    counts = frames["Spark, Parquet"].groupBy("zamboni_2009_verdict").count().orderBy("zamboni_2009_verdict").collect()
    print("Spark: zamboni_2009_verdict " + ", ".join(f"{row[0]} {row[1]}" for row in counts))
    spark.stop()

print("\n".join(problems) if problems else "cohort readers: DuckDB, Arrow and Spark read the table as it is")
sys.exit(1 if problems else 0)
