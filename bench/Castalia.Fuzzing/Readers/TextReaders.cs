using System.Text.RegularExpressions;
using Castalia.Cards;
using Castalia.Checkpoints;
using Castalia.DoFiles;
using Castalia.Fuzzing.Formats;
using Castalia.Fuzzing.Mutation;
using Castalia.Hub;
using Castalia.Hypotheses.Reading;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Castalia.Published;
using Castalia.Sweeps;
using Castalia.Training;
using Castalia.Twins;
using Castalia.YamlFiles;

namespace Castalia.Fuzzing.Readers;

/// <summary>Prompts, hypotheses, interventions and the hub's cache.</summary>
static class TextReaders
{
    const string Commit = "0123456789abcdef0123456789abcdef01234567";

    public static IReadOnlyList<Reader> All { get; } =
    [
        new("prompts", 60, Prompts, path => _ = Tokenization.Of(PromptFile.Read(path), null, Tokens.BosPolicy.None, "m")),
        new("hypotheses", 60, Hypotheses, path => _ = HypothesisReader.Read(SourceText.Read(path, HypothesisReader.Format))),
        new("cards", 20, Cards, path => _ = ModelCards.Read(path)),
        new("do files", 30, DoFiles, path => _ = DoFile.Read(path)),
        new("twin plans", 20, Plans, path => _ = TwinPlanReader.Read(path)),
        new("sweep plans", 20, Sweeps, path => _ = SweepPlanReader.Read(path, () => new HubCache("/nowhere"))),
        new("sweep folder", 8, SweepFolders, path => _ = SweepStatus.Of(new(path))),
        new("twin tables", 10, Tables, path => _ = TwinTable.Read(Path.GetDirectoryName(path)!)),
        new("corpus", 20, Corpora, path => _ = CorpusPieces.Read(path).Sum(piece => piece.Text.Length)),
        new("hub listing", 8, Listing, path => _ = HubListing.Read(InputFile.Bytes(path), path)),
        new("hub token", 3, () => [new("token", "token", [new("token", new(Literals.Bytes("hf_abcdefgh\n")))])], path => _ = HubSettings.From(name => name == "HF_TOKEN_PATH" ? path : null, "/home")),
        new("published", 10, Published, path => _ = Importer.Read(path)),
        new("hub cache", 10, Cache, path => _ = CheckpointSource.Find("o/n", Wanted.Weights, () => new(path))),
    ];

    static List<Seed> Prompts() =>
    [
        new("JSON Lines", "p.jsonl",
        [
            LineRegions.JsonLines("p.jsonl", Literals.Bytes("""
                {"name": "one", "ids": [1, 2, 3], "category": "a"}
                {"name": "two", "ids": [4, 5]}
                {"ids": [2147483647]}

                """)),
        ]),
        new("JSON Lines of texts", "p.ndjson",
        [
            LineRegions.JsonLines("p.ndjson", Literals.Bytes("{\"text\": \"The capital of France is\", \"name\": \"x\", \"category\": \"Factual\"}\n{\"text\": \"日本 \\u00e9\\n\"}\n")),
        ]) { IsAccepted = false }, // texts, and no tokenizer
        new("CSV", "p.csv", [LineRegions.File("p.csv", Literals.Bytes("name,ids,category\none,1 2 3,a\ntwo,4 5,\"b, c\"\n"), "csv", ",\"")]),
        new("CSV of texts", "p.csv", [LineRegions.File("p.csv", Literals.Bytes("text,name\n\"one \"\"quoted\"\"\nline\",a\nsecond,b\n"), "csv", ",\"")]) { IsAccepted = false },
        new("plain text", "p.txt", [LineRegions.File("p.txt", Literals.Bytes("The capital of France is\nTwo plus two is\n"), "csv", " ")]) { IsAccepted = false },
    ];

    static List<Seed> Tables()
    {
        string[] lines = ShippedStudy.Of("final-norm")!.TableText!.Split('\n');
        return [new("networks", TwinTable.FileName, [LineRegions.File(TwinTable.FileName, Literals.Bytes($"{string.Join('\n', lines.Take(3))}\n"), "csv", ",\"")])];
    }

    static List<Seed> Corpora() =>
    [
        new("text", "c.txt", [LineRegions.File("c.txt", Literals.Bytes("The capital of France is Paris.\n\n日本 é\n"), "csv", " ")]),
        new("one line", "c.txt", [LineRegions.File("c.txt", Literals.Bytes("日本日本日本日本"), "csv", " ")]),
    ];

    static List<Seed> Hypotheses() =>
    [
        .. Golden.Hypotheses().Select(file =>
        {
            byte[] bytes = File.ReadAllBytes(file);
            var seed = LineRegions.File("h.yaml", bytes, "yaml", ":");
            return new Seed(Path.GetFileName(file), "h.yaml", [seed with { Regions = [.. seed.Regions, .. Conditions(bytes)] }]);
        }),
    ];

    /// <summary>Those that ship.</summary>
    static List<Seed> DoFiles() => [.. Golden.DoFiles().Select(file => new Seed(Path.GetFileName(file), "d.yaml", [LineRegions.File("d.yaml", File.ReadAllBytes(file), "yaml", ":")]))];

    static List<Seed> Sweeps() =>
    [
        new("a plan", "s.yaml", [LineRegions.File("s.yaml", Literals.Bytes("""
            name: steps
            checkpoints:
              - models: [o/m, "o/n-{a,b}"]
                revisions: step{0,1,2..8,10..40..10}
              - models: o/other
            tasks:
              - verb: measure
                prompts: [standard-25, running-24]
                positions: [last, all]
                activation: tanh
                logit_lens: true
              - { verb: explain, blocks: "0,1", weights: true, reference: running-24 }
              - verb: intervene
                do: last-mlp-zero
              - verb: audit
              - verb: twins
                study: [norm, wiring]
            seed: 3

            """), "yaml", ":")]),
    ];

    /// <summary>One that a process of another machine is at work on: what it planned, claims and says of itself, and what failed.</summary>
    static List<Seed> SweepFolders()
    {
        const string owner = "deadbeef-1-1-12345678", cell = "0123456789abcdef", failed = "fedcba9876543210";
        return
        [
            new("at work", "",
            [
                LineRegions.JsonLines("sweep/plans/p-0011223344556677.jsonl", Literals.Bytes($$"""
                    {"key":"{{cell}}","checkpoint":"o/m@step1","task":"measure standard-25"}
                    {"key":"{{failed}}","checkpoint":"o/m@step2","task":"measure standard-25"}
                    {"key":"00000000deadbeef","checkpoint":"o/m@step4","task":"measure standard-25"}
                    {"key":"0000deadbeef0000","checkpoint":"base seed 1","task":"twins norm","place":"twins/norm/base/seed1"}

                    """)),
                JsonRegions.File($"sweep/failed/{failed}", """{"cause":"It is not there.","where":"o/m@step2","to_do":"Name another.","at_utc":"2026-01-01T00:00:00Z","machine":"m"}"""),
                new($"sweep/owners/{owner}", new(Literals.Bytes("60 638712345678901234 machine 000000000042\n"))),
                new($"sweep/claims/{cell}.1", new(Literals.Bytes($"{owner} 89abcdef"))),
                SeedFile.Fixed($"sweep/known/{cell}-{failed}", new([])), SeedFile.Fixed($"sweep/known/0000deadbeef0000-{failed}", new([])), SeedFile.Fixed($"runs/cell-{cell}/manifest.json", new([])),
            ]),
        ];
    }

    static List<Seed> Plans() =>
    [
        new("a plan", "p.yaml", [LineRegions.File("p.yaml", Literals.Bytes("""
            name: wiring and rate
            base: { family: gpt_neox, blocks: 2, width: 32, heads: 4, positions: 0.25, steps: 40, warm_up: 4, clip: none }
            cross:
              wiring: [sequential, parallel]
              learning_rate: [1e-3, 3e-3]
              initialisation: [small-wang, gpt-j]
            seeds: [1, 2]
            every: 100
            keep: last

            """), "yaml", ":")]),
    ];

    static List<Seed> Cards() =>
    [
        new("a card of one's own", "c.yaml", [LineRegions.File("c.yaml", Literals.Bytes("""
            model: my-model
            title: My model
            base: pythia-70m
            hub: [me/my-model]
            sources:
              notes: { text: "notes of the run" }
            fields:
              corpus: { value: Letters, source: notes, certainty: published }
              steps: { value: 2000, source: notes, certainty: published, note: Stopped early. }

            """), "yaml", ":")]),
    ];

    /// <summary>The rules, which are written in a language of their own.</summary>
    static IEnumerable<Region> Conditions(byte[] bytes) =>
        from Match match in Regex.Matches(System.Text.Encoding.Latin1.GetString(bytes), @"(?m)^(?:supported|falsified):(?: [>|]-?\n)?(.+(?:\n[ ]+.+)*)$")
        select new Region(RegionKind.Text, match.Groups[1].Index, match.Groups[1].Index + match.Groups[1].Length) { Hint = "condition" };

    static List<Seed> Listing() =>
    [
        new("listing", "listing.json",
        [
            JsonRegions.File("listing.json", """
                {"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{"rfilename": "config.json", "size": 2, "blobId": "0123456789abcdef0123456789abcdef01234567"},
                 {"rfilename": "a/model.safetensors", "lfs": {"size": 10, "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}}]}
                """),
        ]),
    ];

    /// <summary>The first of the study's files begun, of which the others are only named: the study itself is not the repository's.</summary>
    static List<Seed> Published() =>
    [
        new("study", "", [.. Importer.Files.Select(name => JsonRegions.File(name, """
            {"experiment": "Grand Unified Thermodynamic Benchmark", "n_models": 1, "all_results": [{"Prompt": "a", "Category": "Factual", "Last_Gain": 0.5, "Entropy": "4.9",
             "Top_Prob": "0.1", "Model": "m"}], "models": [{"name": "m", "rho": 0.125}], "results": {"mean_gain": 1}}
            """))]) { IsAccepted = false },
    ];

    static List<Seed> Cache()
    {
        const string repository = "models--o--n", snapshot = $"{repository}/snapshots/{Commit}";
        return
        [
            new("refs", "",
            [
                new($"{repository}/refs/main", new(Literals.Bytes(Commit))), SeedFile.Fixed($"{snapshot}/config.json", new("{}"u8.ToArray())),
                JsonRegions.File($"{snapshot}/model.safetensors.index.json", """{"metadata": {}, "weight_map": {"a": "s.safetensors", "b": "s.safetensors"}}"""),
                SeedFile.Fixed($"{snapshot}/s.safetensors", new([0])),
            ]),
        ];
    }
}
