using System.Globalization;

namespace Castalia.Fuzzing.Running;

/// <summary>Counts of one reader's cases.</summary>
sealed class Tally
{
    public long Cases { get; private set; }

    public long Read { get; private set; }

    /// <summary>Refused by words that a reader has for what is wrong.</summary>
    public long Refused { get; private set; }

    /// <summary>Refused by the net under the readers.</summary>
    public long ByTheNet { get; private set; }

    public long Failed { get; private set; }

    public double Seconds { get; private set; }

    public double Longest { get; private set; }

    public long MostBytes { get; private set; }

    public void Add(Outcome outcome)
    {
        Cases++;
        Seconds += outcome.Seconds;
        Longest = Math.Max(Longest, outcome.Seconds);
        MostBytes = Math.Max(MostBytes, outcome.Bytes);
        if (outcome.Fault is not null) Failed++;
        else if (outcome.ByTheNet) ByTheNet++;
        else if (outcome.Refusal is not null) Refused++;
        else Read++;
    }

    /// <summary>One more, of which nothing is known but that it failed.</summary>
    public void AddEnded()
    {
        Cases++;
        Failed++;
    }

    public void Add(Tally other)
    {
        (Cases, Read, Refused, ByTheNet, Failed) = (Cases + other.Cases, Read + other.Read, Refused + other.Refused, ByTheNet + other.ByTheNet, Failed + other.Failed);
        (Seconds, Longest, MostBytes) = (Seconds + other.Seconds, Math.Max(Longest, other.Longest), Math.Max(MostBytes, other.MostBytes));
    }

    public string Line() => string.Create(CultureInfo.InvariantCulture, $"{Cases} {Read} {Refused} {ByTheNet} {Failed} {Seconds:R} {Longest:R} {MostBytes}");

    public static Tally Parse(string line)
    {
        string[] parts = line.Split(' ');
        return new()
        {
            Cases = Whole(0),
            Read = Whole(1),
            Refused = Whole(2),
            ByTheNet = Whole(3),
            Failed = Whole(4),
            Seconds = Real(5),
            Longest = Real(6),
            MostBytes = Whole(7),
        };

        long Whole(int i) => long.Parse(parts[i], CultureInfo.InvariantCulture);

        double Real(int i) => double.Parse(parts[i], CultureInfo.InvariantCulture);
    }
}
