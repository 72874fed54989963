using Castalia.Runs;

namespace Castalia.Store;

/// <summary>The rows of a table of some runs as a SELECT: of each from its own file, or from where those of many were gathered.</summary>
static class TableRows
{
    /// <summary>In a file of gathered rows: whose a row is, as a number of the run in it.</summary>
    const string Place = "gathered_place";

    const int MostRanges = 64; // in one SELECT

    /// <summary>Runs that are read by one SELECT, in their order: by one list of files of the same columns, or from ranges of one file of gathered rows.</summary>
    sealed record Piece(List<StoredRun> Runs, string[]? Lacking, GatheredPlace? Gathered)
    {
        /// <summary>First and last numbers of runs that follow each other in the file, ascending.</summary>
        public List<(int First, int Last)> Ranges { get; } = Gathered is { } place ? [(place.Number, place.Number)] : [];

        /// <summary>Takes a run in where it is read by the same SELECT.</summary>
        /// <param name="run">The run.</param>
        /// <param name="lacking">Columns that its file lacks; null where that is not known, or its rows were gathered.</param>
        /// <param name="place">Where they were gathered.</param>
        /// <param name="withGaps">Whether runs between may be passed over.</param>
        public bool Takes(StoredRun run, string[]? lacking, GatheredPlace? place, bool withGaps)
        {
            if (place is not { } at)
            {
                if (Gathered is not null || Lacking is null || lacking is null || !Lacking.SequenceEqual(lacking)) return false;
            }
            else if (Gathered?.File != at.File) return false;
            else if (at.Number == Ranges[^1].Last + 1) Ranges[^1] = (Ranges[^1].First, at.Number);
            else if (withGaps && at.Number > Ranges[^1].Last && Ranges.Count < MostRanges) Ranges.Add((at.Number, at.Number));
            else return false;
            Runs.Add(run);
            return true;
        }
    }

    /// <summary>A table's rows of every run that holds it, each with its run's name, in the order of the runs; none where no run does.</summary>
    public static string Of(RunTable table, IReadOnlyList<StoredRun> runs) => Of(table, runs, table.Columns, where: null, gathered: null);

    /// <summary>The same, of what queries read of it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="need">What is read.</param>
    /// <param name="gathered">Where rows of many runs were gathered and <see cref="IsGathered"/>; null without.</param>
    public static string Of(RunTable table, IReadOnlyList<StoredRun> runs, TableNeed need, GatheredTable? gathered) => Of(
        table, runs, [.. table.Columns.Where(c => need.Columns.Contains(c.Name))], Which(need), gathered);

    /// <summary>The same, of rows for which a condition over the file's columns holds; null for all.</summary>
    /// <remarks>Runs that follow each other and lack the same columns are read as one list of files: what the database plans grows with the schemas, not with the runs.</remarks>
    public static string Of(RunTable table, IReadOnlyList<StoredRun> runs, IReadOnlyList<RunColumn> columns, string? where, GatheredTable? gathered)
    {
        var pieces = Pieces(table, runs, columns, gathered, withGaps: true);
        return pieces.Count == 0
            ? $"SELECT {string.Join(", ", columns.Select(c => $"NULL::{c.Type} AS {Database.Identifier(c.Name)}").Prepend("NULL::VARCHAR AS run"))} WHERE false"
            : string.Join(" UNION ALL ", pieces.Select(piece => Select(table, piece, columns, where, first: null)));
    }

    static string? Which(TableNeed need)
    {
        List<string> conditions = need.IsOfLastBlocks ? [StoreViews.LastBlock] : [];
        if (need.Rules is { } rules) conditions.Add($"position_rule IN ({string.Join(", ", rules.Order(StringComparer.Ordinal).Select(Database.Literal))})");
        return conditions.Count == 0 ? null : string.Join(" AND ", conditions);
    }

    /// <summary>What is gathered of a table: every column, of readings the rows of last blocks.</summary>
    /// <param name="table">The table.</param>
    /// <param name="runs">Runs that hold it, which are numbered in their order.</param>
    /// <param name="gathered">Where their rows were gathered before.</param>
    public static string ToGather(RunTable table, IReadOnlyList<StoredRun> runs, GatheredTable gathered)
    {
        List<string> selects = [];
        int first = 0;
        foreach (var piece in Pieces(table, runs, table.Columns, gathered, withGaps: false))
        {
            selects.Add(Select(table, piece, table.Columns, table == RunTables.Readings ? StoreViews.LastBlock : null, first));
            first += piece.Runs.Count;
        }
        return string.Join(" UNION ALL ", selects);
    }

    /// <summary>A run's table as a table expression in which a column that the run's version did not have yet is null.</summary>
    public static string WithLaterColumns(StoredRun run, RunTable table)
    {
        string later = string.Join(", ", table.Columns.Where(c => c.CameLater).Select(c => $"NULL::{c.Type} AS {Database.Identifier(c.Name)}"));
        string file = Database.Parquet(run.PathOf(table));
        return later == "" ? file : $"(FROM {file} UNION ALL BY NAME SELECT {later} WHERE false)";
    }

    /// <summary>Whether what was gathered of a table suffices.</summary>
    /// <param name="table">The table.</param>
    /// <param name="isOfLastBlocks">Whether rows of last blocks alone are read.</param>
    public static bool IsGathered(RunTable table, bool isOfLastBlocks) => table != RunTables.Readings || isOfLastBlocks;

    static List<Piece> Pieces(RunTable table, IReadOnlyList<StoredRun> runs, IReadOnlyList<RunColumn> columns, GatheredTable? gathered, bool withGaps)
    {
        List<Piece> pieces = [];
        foreach (var run in runs.Where(run => run.Tables.ContainsKey(table)))
        {
            var place = gathered?.Find(run);
            string[]? lacking = place is null && run.Lacking.GetValueOrDefault(table) is { } all ? [.. columns.Select(c => c.Name).Where(all.Contains)] : null;
            if (pieces.Count == 0 || !pieces[^1].Takes(run, lacking, place, withGaps)) pieces.Add(new([run], lacking, place));
        }
        return pieces;
    }

    /// <param name="table">The table.</param>
    /// <param name="piece">The runs.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="where">Which rows; null for all.</param>
    /// <param name="first">The number that the first run is to have; null where they are not numbered.</param>
    static string Select(RunTable table, Piece piece, IReadOnlyList<RunColumn> columns, string? where, int? first)
    {
        var (runs, lacking, gathered) = piece;
        // A run's name is its folder's.
        var (number, run, from) = gathered is { } place ? ($"{Place} - {place.Number}", "run", Database.Parquet(place.File))
            : runs.Count == 1 ? ("0", Database.Literal(runs[0].Name), WithLaterColumns(runs[0], table))
            : ("file_index", "parse_path(filename, 'system')[-2]", Database.Parquet(runs.Select(run => run.PathOf(table))));
        var list = columns.Select(c => runs.Count > 1 && lacking?.Contains(c.Name) == true ? $"NULL::{c.Type} AS {Database.Identifier(c.Name)}" : Database.Identifier(c.Name)).Prepend($"{run} AS run");
        if (first is { } start) list = list.Prepend($"CAST({number} + {start} AS INTEGER) AS {Place}");
        List<string> conditions = where is null ? [] : [where];
        if (gathered is { } of && runs.Count < of.Runs)
        {
            // The whole span tells the database which parts of the file it can pass over.
            conditions.Add(Between((piece.Ranges[0].First, piece.Ranges[^1].Last)));
            if (piece.Ranges.Count > 1) conditions.Add($"({string.Join(" OR ", piece.Ranges.Select(Between))})");
        }
        return $"SELECT {string.Join(", ", list)} FROM {from}{(conditions.Count > 0 ? $" WHERE {string.Join(" AND ", conditions)}" : "")}";
    }

    static string Between((int First, int Last) range) => $"{Place} BETWEEN {range.First} AND {range.Last}";
}
