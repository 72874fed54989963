namespace Castalia.Slurm;

/// <summary>What is asked of Slurm for the tasks of a sweep; what is null is left to the cluster.</summary>
sealed record SubmissionOptions
{
    // What the sweep's own words depend on.
    static readonly string[] s_own = ["array", "chdir", "error", "job-name", "no-requeue", "nodes", "ntasks", "open-mode", "output", "parsable", "requeue", "signal", "test-only", "wait", "wrap"];

    /// <summary>Tasks at a time.</summary>
    public required int Nodes { get; init; }

    /// <summary>Tasks in all, the later of which go on where a time limit ended the earlier.</summary>
    public required int Tasks { get; init; }

    /// <summary>Partition.</summary>
    public string? Partition { get; init; }

    /// <summary>Time limit of a task.</summary>
    public string? Time { get; init; }

    /// <summary>CPUs of a task.</summary>
    public long? CpusPerTask { get; init; }

    /// <summary>Memory of a task.</summary>
    public string? Memory { get; init; }

    /// <summary>Who pays.</summary>
    public string? Account { get; init; }

    /// <summary>Further options of sbatch, by their long names without dashes: "qos=long".</summary>
    public IReadOnlyList<string> Further { get; init; } = [];

    /// <summary>As sbatch takes them.</summary>
    /// <exception cref="InputException">One of <see cref="Further"/> is no option, or one that the sweep sets itself.</exception>
    public IReadOnlyList<string> Arguments() =>
    [
        .. Given("partition", Partition), .. Given("time", Time), .. Given("cpus-per-task", CpusPerTask is { } cpus ? FormattableString.Invariant($"{cpus}") : null),
        .. Given("mem", Memory), .. Given("account", Account), .. Further.Select(Checked),
    ];

    static string[] Given(string name, string? value) => value is null ? [] : [$"--{name}={value}"];

    static string Checked(string option)
    {
        string bare = option.StartsWith("--", StringComparison.Ordinal) ? option[2..] : option, name = bare.Split('=')[0];
        if (name.Length < 2 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') || name[0] == '-') throw SlurmErrors.NoOption(option);
        return s_own.Contains(name) ? throw SlurmErrors.OwnOption(option, name) : $"--{bare}";
    }
}
