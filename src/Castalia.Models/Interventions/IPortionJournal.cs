namespace Castalia.Interventions;

/// <summary>Keeps finished portions of one and the same run, so that it goes on from them when it was interrupted.</summary>
interface IPortionJournal
{
    /// <summary>The readings of a portion; null where it was not finished.</summary>
    /// <param name="portion">Its number, from 0.</param>
    /// <param name="count">How many readings it has.</param>
    InterventionReading[]? Find(int portion, int count);

    /// <summary>Keeps a finished portion.</summary>
    /// <param name="portion">Its number, from 0.</param>
    /// <param name="readings">Its readings.</param>
    void Keep(int portion, InterventionReading[] readings);
}
