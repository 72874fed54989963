using System.Globalization;
using Castalia.Benchmarks.Synthetic;

namespace Castalia.Benchmarks.Models;

/// <summary>What <c>models</c> is asked to measure.</summary>
sealed record ModelOptions
{
    /// <summary>The tables, in the order they are printed.</summary>
    public static readonly IReadOnlyList<string> AllParts = ["linear", "shapes", "long", "disk", "start"];

    /// <summary>Sizes in the table of shapes.</summary>
    public IReadOnlyList<PythiaShape> Shapes { get; init; } = [.. PythiaShape.All.Take(7)]; // to 6.9B

    /// <summary>Tables wanted.</summary>
    public IReadOnlyList<string> Parts { get; init; } = AllParts;

    /// <summary>Where checkpoints are made, each deleted after its use.</summary>
    public string Folder { get; init; } = Path.GetTempPath();

    /// <summary>Threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Rounds of which the median is taken.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Size that is read cold from the disk.</summary>
    public PythiaShape Large { get; init; } = PythiaShape.Of("6.9b");

    /// <summary>The command castalia; null for none.</summary>
    public string? Cli { get; init; }

    /// <summary>A small trained model in one GGUF file; null for none.</summary>
    public string? Gguf { get; init; }

    /// <summary>Markdown file to write; null for none. A folder gets a file named after the processor.</summary>
    public string? Out { get; init; }

    /// <summary>Markdown file that shows the first table; null for none.</summary>
    public string? Document { get; init; }

    /// <summary>How they are written.</summary>
    public const string Usage =
        "models [--parts linear,shapes,long,disk,start] [--shapes 70m,…] [--large 6.9b] [--folder TEMP] [--threads N] [--rounds N] [--cli CASTALIA] [--gguf FILE] [--out FILE|FOLDER] [--document README.md]";

    /// <summary>Reads them.</summary>
    /// <exception cref="ArgumentException">Others.</exception>
    public static ModelOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new ModelOptions();
        if (args.Length % 2 != 0) throw new ArgumentException(Usage, nameof(args));
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = args[i + 1];
            options = args[i] switch
            {
                "--shapes" => options with { Shapes = [.. value.Split(',').Select(PythiaShape.Of)] },
                "--parts" when value.Split(',').All(AllParts.Contains) => options with { Parts = value.Split(',') },
                "--folder" => options with { Folder = value },
                "--threads" => options with { Threads = int.Parse(value, CultureInfo.InvariantCulture) },
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--large" => options with { Large = PythiaShape.Of(value) },
                "--cli" => options with { Cli = value },
                "--gguf" => options with { Gguf = value },
                "--document" => options with { Document = value },
                "--out" => options with { Out = value },
                _ => throw new ArgumentException(Usage, nameof(args)),
            };
        }
        return options;
    }
}
