using Castalia.Cards;
using Castalia.Hypotheses;
using Castalia.Hypotheses.Each;
using Castalia.Store;
using Xunit;

namespace Castalia.Tests.Hypotheses;

/// <summary>What the observations of h1, h2 and h5 decide, over rows that are made up.</summary>
public sealed class DerivedHypothesesTests
{
    const string Noise = "0.02 * ((i * 37) % 101 / 100.0 - 0.5)", Other = "0.02 * ((i * 53) % 97 / 96.0 - 0.5)";

    [Theory]
    [InlineData("h1-common-mode", $"-0.4 + {Noise}", $"('block', 'centred_gain', NULL, 1.05 + {Other}), ('directions', 'reference_mean', 0, 0.9 * total)", "speaks for support")]
    [InlineData("h1-common-mode", $"-0.4 + {Noise}", $"('block', 'centred_gain', NULL, 0.95 + {Other}), ('directions', 'reference_mean', 0, 0.9 * total)", "Neither rule holds")]
    [InlineData("h1-common-mode", $"-0.4 + {Noise}", $"('block', 'centred_gain', NULL, 0.95 + {Other}), ('directions', 'reference_mean', 0, 0.1 * total)", "rule of falsification holds")]
    [InlineData("h1-common-mode", $"0.4 + {Noise}", $"('block', 'centred_gain', NULL, 1.05 + {Other}), ('directions', 'reference_mean', 0, 0.9 * total)", "Neither rule holds")]
    [InlineData("h1-common-mode", $"-0.4 + {Noise}", "('block', 'cos_theta', NULL, 0.5)", "Too few data")]
    [InlineData("h2-outlier-dimensions", $"-0.4 + {Noise}", $"('block', 'gain_without_10', NULL, sqrt(1 + total) + 0.2 + {Other}), ('block', 'gain_without_random_10', NULL, sqrt(1 + total))", "speaks for support")]
    [InlineData("h2-outlier-dimensions", $"-0.4 + {Noise}", $"('block', 'gain_without_10', NULL, sqrt(1 + total) + 0.2 + {Other}), ('block', 'gain_without_random_10', NULL, sqrt(1 + total) + 0.2)", "Neither rule holds")]
    [InlineData("h2-outlier-dimensions", $"-0.4 + {Noise}", $"('block', 'gain_without_10', NULL, sqrt(1 + total) + 0.01 + 0.1 * {Other}), ('block', 'gain_without_random_10', NULL, sqrt(1 + total))", "rule of falsification holds")]
    [InlineData("h5-dark-subspace", $"-0.4 + {Noise}", $"('bands', 'band', 19, 0.8 * total + 0.3 * (entropy - 2) + {Other}), ('bands', 'band', 18, 7)", "speaks for support")]
    [InlineData("h5-dark-subspace", $"-0.4 + {Noise}", $"('bands', 'band', 19, 0.8 * total + {Other}), ('bands', 'band', 18, 7)", "Neither rule holds")]
    [InlineData("h5-dark-subspace", $"-0.4 + {Noise}", $"('bands', 'band', 19, 0.05 * total + {Other}), ('bands', NULL, NULL, 7)", "rule of falsification holds")]
    public void Observations_decide_as_the_rules_say(string id, string total, string rows, string why)
    {
        var hypothesis = HypothesisFiles.BuiltIn().Single(h => h.Id == id);
        using var evidence = new MadeUp(total, rows);
        Binding.Check([hypothesis], evidence, TestContext.Current.CancellationToken);
        var verdict = HypothesisEvaluation.Of(hypothesis, evidence, TestContext.Current.CancellationToken);
        Assert.Contains(why, verdict.Why, StringComparison.Ordinal);
        Assert.Equal(why == "rule of falsification holds" ? VerdictKind.Falsified : VerdictKind.Undecided, verdict.Kind);
    }

    /// <summary>Two models of 200 prompts each: what a case says of the last position of the last block, and misleading rows of other blocks and positions.</summary>
    sealed class MadeUp : IEvidenceSource, IDisposable
    {
        readonly QueryDatabase _database;

        public MadeUp(string total, string rows) => _database = new(database =>
        {
            var none = CancellationToken.None;
            StoreTables.Make(database, [], CardSet.Shipped, none);
            database.Execute("DROP VIEW gains", none);
            database.Execute($"CREATE TABLE gains ({string.Join(", ", StoreViews.Gains.Columns.Select(c => $"{Database.Identifier(c.Name)} {c.Type}"))})", none);
            database.Execute("INSERT INTO models (run, model, n_layers) VALUES ('r', 'a', 3), ('r', 'b', 3)", none);
            database.Execute(FormattableString.Invariant($"""
                CREATE TABLE prompts_made AS SELECT model, i, 'p' || i AS prompt, {total} AS total, 1 + (i * 29) % 100 / 50.0 AS entropy, 5 + i % 3 AS tokens, 'c' || i % 4 AS category
                FROM (VALUES ('a'), ('b')) m(model), range(200) t(i)
                """), none);
            database.Execute("INSERT INTO gains (run, model, prompt, prompt_index, tokens, entropy, category) SELECT 'r', model, prompt, i, tokens, entropy, category FROM prompts_made", none);
            database.Execute($"""
                INSERT INTO attribution (run, model, prompt, prompt_index, tokens, layer, position, split, part, "index", value)
                SELECT 'r', model, prompt, i, tokens, layer, position, split, part, "index", CASE WHEN layer = 2 AND position = tokens - 1 THEN value ELSE 50 + value END
                FROM (SELECT *, unnest([1, 2]) AS layer FROM (SELECT *, unnest([1, tokens - 1]) AS position FROM prompts_made)),
                  LATERAL (VALUES ('block', 'gain_squared_minus_one', NULL, total), {rows}) v(split, part, "index", value)
                """, none);
        }, output: null, TestContext.Current.CancellationToken);

        public string Name => "made up";

        public EvidenceModel Model(string run, string model) => EvidenceModel.Named(model);

        public IReadOnlyList<FoundRun> Find(RunNeed need) => [];

        public IReadOnlyDictionary<string, object?> Description(string identity) => new Dictionary<string, object?>();

        public EvidenceTable Query(string name, string sql, CancellationToken cancellation)
        {
            IReadOnlyList<QueryColumn> columns = [];
            var rows = new List<object?[]>();
            _database.Run(sql, found => columns = found, rows.Add, cancellation);
            return StoredEvidence.Table(name, new(columns, rows));
        }

        public void Dispose() => _database.Dispose();
    }
}
