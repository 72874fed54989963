namespace Castalia.Fuzzing.Running;

/// <summary>What one case may take.</summary>
static class Limits
{
    /// <summary>Time, without what others on the machine took; seconds.</summary>
    public const double Seconds = 2;

    /// <summary>After so much of the processors' time a case is ended from without; seconds.</summary>
    public const double ProcessorSecondsToEnd = 10;

    /// <summary>After so long by the clock, which goes on while a case waits or others have the machine; seconds.</summary>
    public const double SecondsToEnd = 120;

    /// <summary>The stack: the least that .NET gives a thread on any of its systems; bytes.</summary>
    public const int Stack = 3 << 19;

    const long FixedBytes = 64L << 20;

    const int PerByte = 8;

    /// <summary>Memory for files of so many bytes: what is allocated, freed or not, and by how much the process may grow.</summary>
    public static long Bytes(long fileBytes) => FixedBytes + PerByte * fileBytes;
}
